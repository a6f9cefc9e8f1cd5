/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
// The part of Main UI's expressions that our widgets use, and nothing more: what does not parse here is not allowed in
// a widget, since it was not tried in Main UI.
"use strict";

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([A-Za-z_$][\w$]*)|(=>|===|!==|<=|>=|&&|\|\||[-+*/%<>!?:.,()[\]{}]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError("at " + from + " of " + text);
    if (match[1] !== undefined) found.push({ kind: "value", value: Number(match[1]) });
    else if (match[2] !== undefined) found.push({ kind: "value", value: match[2] });
    else if (match[3] !== undefined) found.push({ kind: "name", value: match[3] });
    else found.push({ kind: "sign", value: match[4] });
  }
  found.push({ kind: "end", value: "end" });
  return found;
}

const BINARY = [
  { "||": (a, b) => a() || b() },
  { "&&": (a, b) => a() && b() },
  { "===": (a, b) => a() === b(), "!==": (a, b) => a() !== b() },
  { "<": (a, b) => a() < b(), ">": (a, b) => a() > b(), "<=": (a, b) => a() <= b(), ">=": (a, b) => a() >= b() },
  { "+": (a, b) => a() + b(), "-": (a, b) => a() - b() },
  { "*": (a, b) => a() * b(), "/": (a, b) => a() / b(), "%": (a, b) => a() % b() },
];
const LITERALS = { true: true, false: false, null: null, undefined: undefined };

/** Returns a function of the scope. */
function parse(text) {
  const list = tokens(text);
  let at = 0;
  const peek = (sign) => list[at].kind === "sign" && list[at].value === sign;
  const take = (sign) => {
    if (!peek(sign)) return false;
    at++;
    return true;
  };
  const expect = (sign) => {
    if (!take(sign)) throw new SyntaxError(sign + " expected, found " + list[at].value + " in " + text);
  };
  const name = () => {
    if (list[at].kind !== "name") throw new SyntaxError("name expected, found " + list[at].value + " in " + text);
    return list[at++].value;
  };

  /** An arrow function begins with names in parentheses; anything else in parentheses is a group. */
  function arrow() {
    const start = at;
    const params = [];
    if (take("(")) {
      while (list[at].kind === "name") {
        params.push(name());
        if (!take(",")) break;
      }
      if (take(")") && take("=>")) {
        // as jsep's plugin for arrows does it: without parameters, a condition that follows is not part of the body
        const body = params.length > 0 ? expression() : binary(0);
        return (scope) => (...args) => {
          const inner = Object.create(scope);
          params.forEach((param, i) => (inner[param] = args[i]));
          return body(inner);
        };
      }
    }
    at = start;
    return undefined;
  }

  function expression() {
    const condition = binary(0);
    if (!take("?")) return condition;
    const yes = expression();
    expect(":");
    const no = expression();
    return (scope) => (condition(scope) ? yes(scope) : no(scope));
  }

  function binary(level) {
    if (level === BINARY.length) return unary();
    let left = binary(level + 1);
    for (;;) {
      const sign = list[at].kind === "sign" ? list[at].value : "";
      const operation = Object.hasOwn(BINARY[level], sign) ? BINARY[level][sign] : undefined;
      if (!operation) return left;
      at++;
      const first = left;
      const second = binary(level + 1);
      left = (scope) => operation(() => first(scope), () => second(scope));
    }
  }

  function unary() {
    if (take("!")) {
      const of = unary();
      return (scope) => !of(scope);
    }
    if (take("-")) {
      const of = unary();
      return (scope) => -of(scope);
    }
    return postfix();
  }

  function postfix() {
    let target = primary();
    let owner;
    for (;;) {
      if (take(".")) {
        const key = name();
        const of = target;
        owner = of;
        target = (scope) => of(scope)[key];
        target.key = () => key;
      } else if (take("[")) {
        const key = expression();
        expect("]");
        const of = target;
        owner = of;
        target = (scope) => of(scope)[key(scope)];
        target.key = key;
      } else if (take("(")) {
        const args = sequence(")");
        const self = owner;
        const called = target;
        target = (scope) => {
          if (!self) return called(scope)(...args.map((arg) => arg(scope)));
          const object = self(scope);
          return object[called.key(scope)](...args.map((arg) => arg(scope)));
        };
        owner = undefined;
      } else return target;
    }
  }

  function sequence(end) {
    const items = [];
    while (!peek(end)) {
      items.push(expression());
      if (!take(",")) break;
    }
    expect(end);
    return items;
  }

  function primary() {
    const token = list[at];
    if (token.kind === "value") {
      at++;
      return () => token.value;
    }
    if (token.kind === "name") {
      at++;
      if (Object.hasOwn(LITERALS, token.value)) return () => LITERALS[token.value];
      return (scope) => scope[token.value];
    }
    const func = arrow();
    if (func) return func;
    if (take("(")) {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (take("[")) {
      const items = sequence("]");
      return (scope) => items.map((item) => item(scope));
    }
    if (take("{")) {
      const entries = [];
      while (!peek("}")) {
        const key = name();
        expect(":");
        entries.push([key, expression()]);
        if (!take(",")) break;
      }
      expect("}");
      return (scope) => Object.fromEntries(entries.map(([key, value]) => [key, value(scope)]));
    }
    throw new SyntaxError("unexpected " + token.value + " in " + text);
  }

  const whole = expression();
  if (list[at].kind !== "end") throw new SyntaxError("unexpected " + list[at].value + " in " + text);
  return whole;
}

function evaluate(value, scope) {
  if (typeof value === "string" && value.startsWith("=")) return parse(value.substring(1))(scope);
  if (Array.isArray(value)) return value.map((element) => evaluate(element, scope));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, evaluate(element, scope)]));
  }
  return value;
}
