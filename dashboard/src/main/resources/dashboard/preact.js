/** The only place that names Preact's version; a test compares it with the WebJar in the build. */
export { Component, h, render } from "/webjars/preact/10.28.0/dist/preact.module.js";
