// L'enregistrement continu d'un brouillon. Sans ce fichier, tout s'enregistre par le bouton; avec lui, champ par champ.
// Ce qui n'est pas encore enregistré est gardé dans l'onglet (sessionStorage), jamais ailleurs.
const formulaire = document.querySelector("form[data-brouillon]");
const dit = formulaire.dataset;
const etat = formulaire.querySelector("[data-etat]");
const DELAI = 1200;
const ATTENTES = [2000, 5000, 10000, 30000];
const enAttente = new Map(); // bloc → minuterie
const essais = new Map(); // bloc → nombre d'échecs
const enVol = new Map(); // bloc → { encore } : un seul envoi à la fois par champ

document.querySelectorAll("[data-sans-js]").forEach((element) => element.remove());

const cleGardee = (bloc) => `brouillon:${dit.cle}:${dit.section}:${bloc.dataset.champ}`;
const cases = (bloc) => [...bloc.querySelectorAll("input, select, textarea")].filter((c) => c.name);
const bloque = () => enAttente.size > 0 || essais.size > 0 || enVol.size > 0;

function dire(texte, ton, lien) {
  etat.textContent = texte;
  etat.dataset.ton = ton;
  if (lien) {
    const a = document.createElement("a");
    a.href = lien.adresse;
    a.textContent = lien.texte;
    etat.append(" ", a);
  }
}

function contenu(bloc) {
  const donnees = new FormData();
  donnees.set("csrfmiddlewaretoken", formulaire.elements.csrfmiddlewaretoken.value);
  donnees.set("section", dit.section);
  donnees.set("champ", bloc.dataset.champ);
  for (const c of cases(bloc)) {
    if ((c.type === "checkbox" || c.type === "radio") && !c.checked) continue;
    if (!c.name.startsWith("leur_")) donnees.append(c.name, c.value);
  }
  return donnees;
}

function garder(bloc) {
  const valeurs = cases(bloc)
    .filter((c) => c.type !== "hidden")
    .map((c) => [c.id, c.type === "checkbox" || c.type === "radio" ? c.checked : c.value]);
  sessionStorage.setItem(cleGardee(bloc), JSON.stringify(valeurs));
}

function reprendre() {
  let repris = null;
  for (const bloc of formulaire.querySelectorAll("[data-champ]")) {
    const gardes = sessionStorage.getItem(cleGardee(bloc));
    if (!gardes) continue;
    const valeurs = JSON.parse(gardes);
    while (bloc.hasAttribute("data-liste") && valeurs.some(([id]) => id && !document.getElementById(id))) {
      if (!ajouterRangee(bloc)) break;
    }
    let change = false;
    for (const [id, valeur] of valeurs) {
      const c = document.getElementById(id);
      if (!c) continue;
      const nom = typeof valeur === "boolean" ? "checked" : "value";
      if (c[nom] !== valeur) {
        c[nom] = valeur;
        change = true;
      }
    }
    sessionStorage.removeItem(cleGardee(bloc));
    if (change) {
      repris ??= bloc;
      programmer(bloc, 0);
    }
  }
  if (repris) {
    dire(dit.ditRepris, "note");
    cases(repris).find((c) => c.type !== "hidden")?.focus();
  }
}

function programmer(bloc, delai = DELAI) {
  clearTimeout(enAttente.get(bloc));
  garder(bloc);
  enAttente.set(bloc, setTimeout(() => envoyer(bloc), delai));
}

async function envoyer(bloc) {
  clearTimeout(enAttente.get(bloc));
  enAttente.delete(bloc);
  if (enVol.has(bloc)) {
    enVol.get(bloc).encore = true;
    return;
  }
  enVol.set(bloc, { encore: false });
  dire(dit.ditAttente, "note");
  let reponse;
  try {
    reponse = await fetch(dit.adresse, {
      method: "POST",
      body: contenu(bloc),
      redirect: "manual",
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(15000),
    });
    if (reponse.status >= 500) throw new Error(String(reponse.status));
  } catch {
    panne(bloc);
    return;
  }
  if (reponse.type === "opaqueredirect" || reponse.status === 403) {
    enVol.delete(bloc);
    sessionExpiree(bloc);
    return;
  }
  let resultat;
  try {
    resultat = await reponse.json();
  } catch {
    panne(bloc);
    return;
  }
  const encore = enVol.get(bloc).encore;
  enVol.delete(bloc);
  essais.delete(bloc);
  recevoir(bloc, resultat, encore);
  if (encore) programmer(bloc, 0);
}

function panne(bloc) {
  enVol.delete(bloc);
  const rang = essais.get(bloc) ?? 0;
  essais.set(bloc, rang + 1);
  dire(dit.ditPanne, "erreur");
  enAttente.set(bloc, setTimeout(() => envoyer(bloc), ATTENTES[Math.min(rang, ATTENTES.length - 1)]));
}

function sessionExpiree(bloc) {
  essais.set(bloc, 1);
  const champ = cases(bloc).find((c) => c.type !== "hidden");
  const suite = `${location.pathname}#${champ ? champ.id : ""}`;
  dire(dit.ditSession, "erreur", {
    adresse: `${dit.connexion}?next=${encodeURIComponent(suite)}`,
    texte: dit.ditReconnecter,
  });
}

function recevoir(bloc, resultat, encore) {
  if (resultat.base) bloc.querySelector(`[name="b_${bloc.dataset.champ}"]`).value = resultat.base;
  bloc.querySelectorAll("[data-vif]").forEach((element) => element.remove());
  bloc.querySelectorAll(".is-invalid").forEach((c) => c.classList.remove("is-invalid"));
  if (resultat.etat === "refuse") {
    essais.set(bloc, 1);
    dire(resultat.message, "erreur");
    return;
  }
  if (resultat.etat === "conflit") {
    montrerConflit(bloc, resultat.leur);
    return;
  }
  if (!encore) sessionStorage.removeItem(cleGardee(bloc));
  const total = bloc.querySelector("[data-total]");
  if (resultat.total && total) total.textContent = resultat.total;
  if (resultat.volet) document.querySelector("[data-volet]").innerHTML = resultat.volet;
  if (resultat.etat === "illisible") {
    resultat.erreurs.forEach(montrerErreur);
    dire(`${dit.ditIllisible} ${resultat.erreurs[0].message}`, "erreur");
  } else if (!bloque()) {
    dire(`✓ ${dit.ditFait} ${resultat.heure}`, "fait");
  }
}

function montrerErreur({ ancre, message }) {
  const c = document.getElementById(ancre);
  if (!c) return;
  c.classList.add("is-invalid");
  const note = document.createElement("span");
  note.className = "invalid-feedback d-block";
  note.dataset.vif = "";
  note.id = `${ancre}_vif`;
  note.textContent = message;
  c.setAttribute("aria-describedby", `${c.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
  c.after(note);
}

// Deux textes côte à côte : rien n'est écrasé tant qu'on n'a pas choisi.
function montrerConflit(bloc, leur) {
  essais.set(bloc, 1);
  dire(dit.ditConflit, "erreur");
  const boite = document.createElement("div");
  boite.className = "conflit";
  boite.dataset.vif = "";
  boite.setAttribute("role", "alert");
  const qui = document.createElement("p");
  qui.textContent = leur.qui;
  const texte = document.createElement("blockquote");
  texte.textContent = leur.texte;
  boite.append(qui, texte);
  const saisie = cases(bloc).find((c) => c.matches("textarea, input[type=text]"));
  if (leur.valeur !== null && saisie && !bloc.hasAttribute("data-liste")) {
    boite.append(bouton(dit.ditLeur, () => {
      saisie.value = leur.valeur;
      trancher();
    }));
  } else {
    boite.append(bouton(dit.ditLeur, () => {
      sessionStorage.removeItem(cleGardee(bloc));
      essais.clear();
      location.reload();
    }));
  }
  boite.append(bouton(dit.ditMien, trancher));
  bloc.append(boite);

  function trancher() {
    boite.remove();
    essais.delete(bloc);
    programmer(bloc, 0);
  }
}

function bouton(texte, geste) {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "btn btn-outline-primary";
  b.textContent = texte;
  b.addEventListener("click", geste);
  return b;
}

// Compteurs : comme un traitement de texte, sans les sauts de ligne; le dépassement se dit, rien n'est coupé.
const COMPTER = {
  caracteres: (texte) => texte.replace(/[\r\n]/g, "").length,
  mots: (texte) => texte.split(/\s+/u).filter(Boolean).length,
};

function compter(bloc) {
  const sortie = bloc.querySelector("[data-compteur]");
  const saisie = bloc.querySelector("textarea, input[type=text]");
  if (!sortie || !saisie) return;
  const limite = Number(bloc.dataset.limite);
  const n = COMPTER[bloc.dataset.unite](saisie.value);
  const unite = bloc.dataset.unite === "mots" ? dit.ditMots : dit.ditCaracteres;
  const trop = n > limite ? ` – ${n - limite} ${dit.ditTrop}` : "";
  sortie.textContent = `${n} ${dit.ditSur} ${limite} ${unite}${trop}`;
  sortie.classList.toggle("trop", n > limite);
}

// Questions conditionnelles : cachées tant que leur condition n'est pas tenue.
function conditions() {
  for (const bloc of formulaire.querySelectorAll("[data-si]")) {
    const parent = formulaire.querySelector(`[data-champ="${bloc.dataset.si}"]`);
    const donnees = parent
      ? cases(parent).filter((c) => (c.type === "checkbox" || c.type === "radio" ? c.checked : c.type !== "hidden")).map((c) => c.value)
      : [];
    const tenue = Boolean(parent) && !parent.hidden && donnees.some((v) => bloc.dataset.siValeurs.split("|").includes(v));
    bloc.hidden = parent ? !tenue : false;
  }
}

// Listes : ajouter et retirer une rangée sans recharger.
function ajouterRangee(bloc) {
  const total = bloc.querySelector("[name$='-TOTAL_FORMS']");
  const maximum = Number(bloc.querySelector("[name$='-MAX_NUM_FORMS']").value);
  const rang = Number(total.value);
  if (rang >= maximum) return null;
  const derniere = bloc.querySelector("tbody tr:last-child");
  const neuve = derniere.cloneNode(true);
  const renommer = (texte) => texte.replace(/-(\d+)-/, `-${rang}-`);
  neuve.hidden = false;
  neuve.querySelectorAll("[data-vif]").forEach((element) => element.remove());
  neuve.querySelectorAll("input, select, textarea").forEach((c) => {
    c.name = renommer(c.name);
    c.id = renommer(c.id);
    if (c.type === "checkbox") c.checked = false;
    else if (c.tagName === "SELECT") c.selectedIndex = 0;
    else c.value = "";
  });
  neuve.querySelectorAll("label").forEach((l) => {
    l.htmlFor = renommer(l.htmlFor);
    const numero = l.querySelector(".rangee");
    if (numero) numero.textContent = numero.textContent.replace(/\d+/, rang + 1);
  });
  derniere.after(neuve);
  total.value = rang + 1;
  return neuve;
}

for (const bloc of formulaire.querySelectorAll("[data-liste]")) {
  const ajouter = bouton(dit.ditAjouter, () => ajouterRangee(bloc)?.querySelector("input, select")?.focus());
  bloc.querySelector(".defile").after(ajouter);
  bloc.addEventListener("change", (evenement) => {
    const c = evenement.target;
    if (c.name?.endsWith("-DELETE") && c.checked) {
      const rangee = c.closest("tr");
      const suite = rangee.nextElementSibling ?? rangee.previousElementSibling;
      rangee.hidden = true;
      suite?.querySelector("input, select")?.focus();
    }
  });
  bloc.addEventListener("keydown", (evenement) => {
    if (evenement.key !== "Enter" || evenement.target.tagName !== "INPUT") return;
    evenement.preventDefault(); // Entrée passe à la rangée suivante, sans envoyer la page
    const rangee = evenement.target.closest("tr");
    const suite = rangee.nextElementSibling ?? ajouterRangee(bloc);
    const colonne = [...rangee.querySelectorAll("input, select")].indexOf(evenement.target);
    suite?.querySelectorAll("input, select")[colonne]?.focus();
  });
}

formulaire.addEventListener("input", (evenement) => {
  const bloc = evenement.target.closest("[data-champ]");
  if (!bloc || evenement.target.name?.startsWith("leur_")) return;
  compter(bloc);
  conditions();
  programmer(bloc);
});
formulaire.addEventListener("focusout", (evenement) => {
  const bloc = evenement.target.closest("[data-champ]");
  if (bloc && enAttente.has(bloc) && !bloc.contains(evenement.relatedTarget)) envoyer(bloc);
});
let envoye = false;
formulaire.addEventListener("submit", () => {
  envoye = true;
  enAttente.forEach((minuterie) => clearTimeout(minuterie));
  enAttente.clear();
});
window.addEventListener("beforeunload", (evenement) => {
  if (!envoye && bloque()) evenement.preventDefault();
});
window.addEventListener("online", () => essais.forEach((_rang, bloc) => envoyer(bloc)));

formulaire.querySelectorAll("[data-champ]").forEach(compter);
conditions();
reprendre();
