// Copies the typeface that om.css names next to it.
import { copyFileSync, mkdirSync } from "node:fs";

const from = new URL("node_modules/@fontsource-variable/figtree/files/", import.meta.url);
const to = new URL("../openmentor/web/static/om/fonts/", import.meta.url);
mkdirSync(to, { recursive: true });
for (const file of ["figtree-latin-wght-normal.woff2", "figtree-latin-ext-wght-normal.woff2"]) {
  copyFileSync(new URL(file, from), new URL(file, to));
}
