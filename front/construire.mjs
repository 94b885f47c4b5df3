// Compile les feuilles de style et range les paquets servis dans $SORTIE. Rien n'est copié dans le dépôt.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const racine = join(dirname(fileURLToPath(import.meta.url)), "..");
const sortie = process.env.SORTIE ?? join(racine, ".donnees", "front");
const paquets = join(racine, "node_modules");

function ecrire(chemin, contenu) {
  const cible = join(sortie, chemin);
  mkdirSync(dirname(cible), { recursive: true });
  writeFileSync(cible, contenu);
}

function copier(source, chemin) {
  const cible = join(sortie, chemin);
  mkdirSync(dirname(cible), { recursive: true });
  copyFileSync(join(paquets, source), cible);
}

for (const [source, cible] of [["portail", "css/portail.css"], ["admin", "css/admin.css"], ["pdf", "pdf/pdf.css"]]) {
  const compile = sass.compile(join(racine, "front", "sources", `${source}.scss`), {
    style: "compressed",
    loadPaths: [paquets],
    quietDeps: true,
    silenceDeprecations: ["import"],
  });
  ecrire(cible, compile.css);
}
for (const partie of ["latin", "latin-ext"]) {
  for (const graisse of [400, 600, 700]) {
    const nom = `open-sans-${partie}-${graisse}-normal.woff2`;
    copier(join("@fontsource", "open-sans", "files", nom), join("polices", nom));
  }
}
copier(join("htmx.org", "dist", "htmx.min.js"), "js/htmx.min.js");
copier(join("axe-core", "axe.min.js"), "essais/axe.min.js");
