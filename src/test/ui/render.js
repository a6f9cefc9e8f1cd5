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

/** What our widgets use of the library dayjs. */
function dayjs(text) {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(text || data.now);
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
    ["visible", "visibleTo", "stylesheet", "constants", "functions", "filter", "map"].forEach((key) => delete rest[key]);
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
    children(parent, slots.default, { ...context, fn: functions, const: constants });
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
  "oh-chart": (component, config, context, parent, slots) => {
    const series = evaluate(slots.series[0].config, scopeOf(context));
    const node = element("div", { class: "chart" }, parent);
    node.style.height = config.height;
    node.dataset.item = series.item;
    node.innerHTML = '<svg viewBox="0 0 300 110" preserveAspectRatio="none" width="100%" height="100%">' +
      [5, 38, 71, 104].map((y) => '<line x1="0" x2="300" y1="' + y + '" y2="' + y + '" class="grid-line"/>').join("") +
      "</svg>";
    element("div", { class: "chart-note" }, node, "openHAB draws the history here");
  },
};

document.documentElement.classList.toggle("dark", data.dark);
document.querySelector(".navbar").textContent = data.page.config.label;
render(data.page, {}, document.querySelector("#root"));
document.body.dataset.ready = "true";
