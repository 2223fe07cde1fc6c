// The page of bench/chart_browser.py: candles and volume as the library's own examples have them.
"use strict";

const UP = "#26a69a80", DOWN = "#ef535080";
const STEP_PX = 7, WAY = 16; // as in bench/drag.py

let chart, candles, volume, newest, home, perPixel, rows, due = [], steps = 0;

// The library draws when the browser next asks for a frame. Here we are the one who asks, so that
// a step is drawn at once and can be timed.
const browserFrame = window.requestAnimationFrame.bind(window);

function draw() {
  const now = due;
  due = [];
  for (const run of now) run(performance.now());
}

// What was drawn is only noted down until somebody needs the pixels: reading one makes all of them.
function makePixels() {
  for (const canvas of document.querySelectorAll("canvas"))
    if (canvas.width && canvas.height) canvas.getContext("2d").getImageData(0, 0, 1, 1);
}

function prepare([width, height], given, tick) {
  document.body.style.margin = "0";
  document.body.innerHTML = `<div id="chart" style="width:${width}px;height:${height}px"></div>`;
  window.requestAnimationFrame = (run) => due.push(run);
  const bars = given.map(([time, open, high, low, close]) => (
    { time, open: open * tick, high: high * tick, low: low * tick, close: close * tick }));
  const lots = given.map(([time, open, , , close, value]) => (
    { time, value, color: close < open ? DOWN : UP }));
  const { createChart, CandlestickSeries, HistogramSeries, version } = LightweightCharts;
  chart = createChart(document.getElementById("chart"), {
    width, height, timeScale: { timeVisible: true, minBarSpacing: 0.001 } });
  candles = chart.addSeries(CandlestickSeries);
  volume = chart.addSeries(HistogramSeries, { priceFormat: { type: "volume" }, priceScaleId: "" });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } });
  candles.setData(bars);
  volume.setData(lots);
  rows = bars.length;
  newest = [bars[rows - 1], lots[rows - 1], tick];
  draw();
  return version();
}

function show(count) {
  chart.timeScale().setVisibleLogicalRange({ from: rows - count, to: rows + 1 });
  draw();
  const seen = chart.timeScale().getVisibleLogicalRange();
  home = chart.timeScale().scrollPosition();
  perPixel = (seen.to - seen.from) / chart.timeScale().width();
  steps = 0;
  return seen.to - seen.from;
}

function pan() {
  const at = steps++ % (2 * WAY);
  const away = at < WAY ? at + 1 : 2 * WAY - 1 - at;
  chart.timeScale().scrollToPosition(home - away * STEP_PX * perPixel, false);
}

function tick() {
  const [bar, lots, size] = newest;
  const close = bar.open + (steps++ % 2 ? size : -size);
  const high = Math.max(bar.high, close), low = Math.min(bar.low, close);
  candles.update({ ...bar, close, high, low });
  volume.update(lots);
}

// Mean milliseconds of a step until its pixels are there.
function drawn(step, turnMs) {
  const begun = performance.now();
  let count = 0, passed;
  do {
    step();
    draw();
    makePixels();
    count++;
    passed = performance.now() - begun;
  } while (passed < turnMs);
  return passed / count;
}

// Mean milliseconds from one frame of the browser to the next with a step in each.
async function shown(step, turnMs) {
  await new Promise(browserFrame);
  const begun = performance.now();
  let count = 0, passed;
  do {
    step();
    draw();
    await new Promise(browserFrame);
    count++;
    passed = performance.now() - begun;
  } while (passed < turnMs);
  return passed / count;
}
