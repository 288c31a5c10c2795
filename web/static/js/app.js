// Draws the charts of a page. The server sends their options as plain data;
// this file adds what data cannot hold: the figures in the reader's language
// and the colours of the stylesheet, read again when the scheme changes or the
// page is printed. It evaluates nothing that comes from the server.
(function () {
  "use strict";

  const root = document.documentElement;
  const lang = root.lang || "en";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const drawn = [];

  // formatters returns how a unit reads on an axis and in a tooltip.
  function formatters(unit, currency) {
    const number = (options) => {
      const format = new Intl.NumberFormat(lang, options);
      return (value) => (value === null || value === undefined || value === "-" ? "–" : format.format(value));
    };
    switch (unit) {
      case "money":
        return {
          axis: number({ notation: "compact", maximumFractionDigits: 1 }),
          full: number(currency ? { style: "currency", currency: currency } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
        };
      case "ratio": {
        const percent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 });
        const text = (value) => (value === null || value === undefined ? "–" : percent.format(value / 100));
        return { axis: text, full: text };
      }
      default:
        return {
          axis: number({ maximumFractionDigits: 0 }),
          full: number({ style: "unit", unit: "day", unitDisplay: "long", maximumFractionDigits: 1 }),
        };
    }
  }

  // painted copies options with names of custom properties, such as --age-1,
  // replaced by their colours of the moment.
  function painted(value, style) {
    if (typeof value === "string") {
      return /^--[a-z0-9-]+$/.test(value) ? style.getPropertyValue(value).trim() : value;
    }
    if (Array.isArray(value)) {
      return value.map((entry) => painted(entry, style));
    }
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, painted(entry, style)]));
    }
    return value;
  }

  const list = (value) => (Array.isArray(value) ? value : value ? [value] : []);

  function completed(options, box, printing) {
    const style = getComputedStyle(root);
    const ink = style.getPropertyValue("--ink").trim();
    const muted = style.getPropertyValue("--muted").trim();
    const line = style.getPropertyValue("--line").trim();
    const panel = style.getPropertyValue("--panel").trim();
    const font = getComputedStyle(document.body).fontFamily;
    const all = painted(options, style);
    const units = (box.dataset.units || "").split(" ").map((unit) => formatters(unit, box.dataset.currency));

    all.backgroundColor = "transparent";
    all.animation = !printing && !calm.matches;
    all.animationDuration = 300;
    all.textStyle = { fontFamily: font, color: ink };
    all.legend = Object.assign({}, all.legend, {
      textStyle: { color: ink, fontFamily: font }, pageTextStyle: { color: muted }, pageIconColor: muted, pageIconInactiveColor: line,
      inactiveColor: line,
    });
    all.tooltip = Object.assign({}, all.tooltip, {
      backgroundColor: panel, borderColor: line, borderWidth: 1, textStyle: { color: ink, fontFamily: font, fontSize: 12 },
    });
    all.xAxis = list(all.xAxis).map((axis) => Object.assign({}, axis, {
      axisLabel: Object.assign({ hideOverlap: true }, axis.axisLabel, {
        color: muted, interval: axis.axisLabel && axis.axisLabel.interval !== undefined ? Number(axis.axisLabel.interval) : "auto",
      }),
      axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
    }));
    all.yAxis = list(all.yAxis).map((axis, index) => Object.assign({}, axis, {
      axisLabel: { color: muted, formatter: (units[index] || units[0]).axis },
      axisLine: { show: false }, axisTick: { show: false },
      splitLine: Object.assign({ lineStyle: { color: line } }, axis.splitLine),
    }));
    all.series = list(all.series).map((series) => Object.assign({}, series, {
      tooltip: { valueFormatter: (units[series.yAxisIndex || 0] || units[0]).full },
      emphasis: { focus: "none" },
      itemStyle: series.stack
        ? Object.assign({ borderColor: panel, borderWidth: 0.5 }, series.itemStyle)
        : series.itemStyle,
    }));
    return all;
  }

  function say(box, text) {
    const note = document.createElement("p");
    note.className = "chart-note";
    note.setAttribute("role", "status");
    note.textContent = text;
    box.replaceChildren(note);
    box.dataset.state = "message";
  }

  function openTable(box) {
    const card = box.closest("section");
    const table = card && card.querySelector("details.alternative");
    if (table) {
      table.open = true;
    }
  }

  function hasData(options) {
    return list(options.series).some((series) => list(series.data).length > 0);
  }

  function draw(box, options) {
    if (!hasData(options)) {
      say(box, box.dataset.empty);
      return;
    }
    const label = box.getAttribute("aria-label");
    box.replaceChildren();
    const instance = window.echarts.init(box, null, { renderer: "canvas", locale: lang === "fr" ? "FR" : "EN", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    instance.setOption(completed(options, box, false));
    box.setAttribute("aria-label", label);
    box.dataset.state = "drawn";
    drawn.push({ box, options, instance, label });
  }

  function redraw(printing) {
    for (const chart of drawn) {
      chart.instance.resize({ silent: true });
      chart.instance.setOption(completed(chart.options, chart.box, printing), { notMerge: true });
      chart.box.setAttribute("aria-label", chart.label);
    }
  }

  async function load(source, boxes) {
    try {
      const answer = await fetch(source, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) {
        throw new Error("status " + answer.status);
      }
      const set = await answer.json();
      for (const box of boxes) {
        const options = set.charts[box.dataset.chart];
        if (!options) {
          throw new Error("no chart " + box.dataset.chart);
        }
        if (set.generation !== box.dataset.generation) {
          say(box, box.dataset.stale);
          openTable(box);
          continue;
        }
        draw(box, options);
      }
    } catch (error) {
      for (const box of boxes) {
        if (box.dataset.state !== "drawn") {
          say(box, box.dataset.failed);
          openTable(box);
        }
      }
    }
  }

  const sources = new Map();
  for (const box of document.querySelectorAll("[data-chart]")) {
    const source = box.dataset.source;
    sources.set(source, (sources.get(source) || []).concat(box));
  }
  for (const [source, boxes] of sources) {
    load(source, boxes);
  }

  let pending = 0;
  window.addEventListener("resize", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => drawn.forEach((chart) => chart.instance.resize()));
  });
  dark.addEventListener("change", () => redraw(false));
  // Paper has another width than the screen and its layout comes after this
  // event: pictures of the charts, in light colours, fit themselves into it.
  window.addEventListener("beforeprint", () => {
    root.dataset.printing = "true";
    redraw(true);
    for (const chart of drawn) {
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = chart.instance.getDataURL({ type: "png", pixelRatio: 2 });
      chart.box.append(picture);
    }
  });
  window.addEventListener("afterprint", () => {
    delete root.dataset.printing;
    for (const chart of drawn) {
      chart.box.querySelectorAll("img").forEach((picture) => picture.remove());
    }
    redraw(false);
  });
})();
