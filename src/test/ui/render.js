/*
 * Copyright (c) 2026 The BMS Main binding authors
 *
 * This program and the accompanying materials are made available under the
 * terms of the Eclipse Public License 2.0 which is available at
 * https://www.eclipse.org/legal/epl-2.0
 *
 * SPDX-License-Identifier: EPL-2.0
 */
// Renders pages and widgets as Main UI does, as far as ours need it. A component or an expression that it does not know
// becomes a red error, so that a test sees it. `data` comes from the page: {page, widgets, items, members, now}.
"use strict";

const widgets = Object.fromEntries(data.widgets.map((widget) => [widget.uid, widget]));
const items = new Proxy(data.items, {
  get: (all, name) => all[name] || { state: "-", type: "-" },
});
let sheets = 0;

/** What our widgets use of the library dayjs; the viewer is two hours east of Greenwich. */
function dayjs(text) {
  const local = (text || data.now).endsWith("Z") ? new Date(Date.parse(text) + 7200000).toISOString() : text || data.now;
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(local);
  return {
    format: (pattern) =>
      pattern.replace("YYYY-MM-DD", date).replace("HH:mm:ss", time).replace("HH:mm", time.substring(0, 5)),
    isToday: () => date === data.now.substring(0, 10),
  };
}

function scopeOf(context) {
  return {
    items, dayjs, Math, Number, JSON,
    props: context.props || {}, fn: context.fn || {}, const: context.const || {}, loop: context.loop || {},
    vars: context.vars || {},
  };
}

/** Limits a stylesheet to one card. */
function scoped(css, owner) {
  const flat = css.replace(/\s+/g, " ").trim();
  let result = "";
  let depth = 0;
  let inKeyframes = false;
  for (const part of flat.split(/(?<=[{}])/)) {
    const text = part.trim();
    if (!text) continue;
    if (text.endsWith("{")) {
      if (text.startsWith("@keyframes")) inKeyframes = true;
      const rule = text.startsWith("@") || inKeyframes ? text
        : text.slice(0, -1).split(",").map((s) => owner + " " + s.trim()).join(", ") + " {";
      result += rule;
      depth++;
    } else {
      result += text;
      depth--;
      if (depth === 0) inKeyframes = false;
    }
  }
  return result;
}

function children(parent, list, context) {
  for (const component of list || []) render(component, context, parent);
}

function attributes(node, config) {
  const classes = Array.isArray(config.class) ? config.class : (config.class || "").split(" ");
  classes.filter((name) => name).forEach((name) => node.classList.add(name));
  for (const [key, value] of Object.entries(config.style || {})) if (value) node.style.setProperty(key, value);
  if (config.title && !node.matches(".card")) node.title = config.title;
}

function element(tag, config, parent, content) {
  const node = document.createElement(tag);
  attributes(node, config);
  if (content !== undefined) node.textContent = content;
  parent.append(node);
  return node;
}

function render(component, context, parent) {
  const type = component.component;
  const raw = component.config || {};
  const slots = component.slots || {};
  try {
    if (raw.visible !== undefined) {
      const visible = evaluate(raw.visible, scopeOf(context));
      if (visible === false || visible === "false") return;
    }
    // The viewer of the preview is an administrator.
    if (raw.visibleTo && !raw.visibleTo.includes("role:administrator")) return;
    const rest = { ...raw };
    ["visible", "visibleTo", "stylesheet", "constants", "functions", "variables", "filter", "map"].forEach((key) => delete rest[key]);
    const config = evaluate(rest, scopeOf(context));
    if (type.startsWith("widget:")) {
      const widget = widgets[type.substring(7)];
      if (!widget) throw new Error("no widget " + type);
      render(widget, { ...context, props: config }, parent);
    } else if (RENDERERS[type]) {
      RENDERERS[type](component, config, context, parent, slots);
    } else if (/^(div|span)$/.test(type)) {
      const node = element(type, config, parent, config.content);
      children(node, slots.default, context);
    } else throw new Error("unknown component " + type);
  } catch (e) {
    element("pre", { class: "error" }, parent, type + ": " + e.message);
  }
}

const container = (tag, name) => (component, config, context, parent, slots) => {
  const node = element(tag, { ...config, class: name + " " + (config.class || "") }, parent);
  children(node, slots.default, context);
};

const RENDERERS = {
  "oh-layout-page": container("div", "page"),
  "oh-block": container("div", "block"),
  "oh-grid-row": container("div", "grid-row"),
  "oh-grid-col": (component, config, context, parent, slots) => {
    const node = element("div", { class: "col col-" + config.width + " medium-" + config.medium }, parent);
    children(node, slots.default, context);
  },
  "f7-card": (component, config, context, parent, slots) => {
    const node = element("div", { ...config, class: "card " + (config.class || "") }, parent);
    const stylesheet = (component.config || {}).stylesheet;
    if (stylesheet) {
      const owner = "scoped-" + ++sheets;
      node.classList.add(owner);
      const style = document.createElement("style");
      style.textContent = scoped(stylesheet, "." + owner);
      document.head.append(style);
    }
    if (config.title) element("div", { class: "card-header" }, node, config.title);
    children(node, slots.default, context);
  },
  "f7-card-content": container("div", "card-content"),
  "oh-context": (component, config, context, parent, slots) => {
    const own = component.config || {};
    const constants = { ...context.const, ...evaluate(own.constants || {}, scopeOf(context)) };
    const functions = { ...context.fn, ...evaluate(own.functions || {}, scopeOf(context)) };
    const vars = { ...context.vars, ...evaluate(own.variables || {}, scopeOf(context)) };
    children(parent, slots.default, { ...context, fn: functions, const: constants, vars });
  },
  "oh-repeater": (component, config, context, parent, slots) => {
    if (!config.fragment) throw new Error("only fragments are known");
    let source = config.sourceType === "itemsInGroup" ? data.members[config.groupItem] || [] : config.in || [];
    const looped = (element, index) => ({
      ...context,
      loop: { ...context.loop, [config.for]: element, [config.for + "_idx"]: index, [config.for + "_source"]: source },
    });
    const filter = (component.config || {}).filter;
    if (filter) source = source.filter((e, i) => evaluate("=" + filter, scopeOf(looped(e, i))));
    source.forEach((e, i) => children(parent, slots.default, looped(e, i)));
  },
  "oh-button": (component, config, context, parent) => {
    const look = config.fill ? "button-fill" : config.outline ? "button-outline" : "";
    const node = element("div", { class: "button " + look }, parent, config.text);
    node.dataset.command = [config.action, config.actionItem, config.actionCommand, config.actionConfirmation].join("|");
  },
  "f7-button": (component, config, context, parent) => {
    const node = element("div", { class: "button button-outline" }, parent, config.text);
    node.dataset.href = config.href;
  },
  // openHAB draws the history; the preview shows what it is told, in the room that it has
  "oh-chart": (component, config, context, parent, slots) => {
    const of = (slot) => (slots[slot] || []).map((part) => evaluate(part.config, scopeOf(context)));
    if (config.periodVisible !== false) throw new Error("buttons over the curve");
    const node = element("div", { class: "chart" }, parent);
    node.style.height = config.height;
    node.dataset.period = config.period;
    node.dataset.items = of("series").map((series) => series.item).join(" ");
    const names = element("div", { class: "chart-row" }, node);
    of("yAxis").forEach((axis) => element("span", {}, names, axis.name));
    const plot = element("div", { class: "chart-plot" }, node);
    plot.innerHTML = '<svg viewBox="0 0 300 110" preserveAspectRatio="none" width="100%" height="100%">' +
      [5, 38, 71, 104].map((y) => '<line x1="0" x2="300" y1="' + y + '" y2="' + y + '" class="grid-line"/>').join("") +
      "</svg>";
    element("div", { class: "chart-note" }, plot, "openHAB draws the history here");
    const legend = element("div", { class: "chart-row chart-legend" }, node);
    of("series").filter((series) => series.item).forEach((series) => {
      element("i", { style: { background: series.color } }, legend);
      element("span", {}, legend, series.name);
    });
  },
};

document.documentElement.classList.toggle("dark", data.dark);
document.querySelector(".navbar").textContent = data.page.config.label;
render(data.page, {}, document.querySelector("#root"));
document.body.dataset.cut = cut().join("; ");
document.body.dataset.ready = "true";

/** The texts that leave their card or tile, or lie over another. */
function cut() {
  const texts = [...document.querySelectorAll("#root *")].filter((node) =>
    [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const boxes = texts.map((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  });
  const found = [];
  texts.forEach((node, i) => {
    const room = node.closest(".bm-tile, .bm-led, .bm-port, .bm-node, .button, .card").getBoundingClientRect();
    if (boxes[i].some((box) => box.right > room.right + 1 || box.left < room.left - 1)) {
      found.push("out: " + node.textContent);
    }
    for (let j = 0; j < i; j++) {
      const over = boxes[i].some((a) => boxes[j].some((b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
      if (over && !node.contains(texts[j]) && !texts[j].contains(node)) {
        found.push("over: " + texts[j].textContent + " / " + node.textContent);
      }
    }
  });
  if (document.body.scrollWidth > document.body.clientWidth) found.push("wider than the page");
  return found;
}
