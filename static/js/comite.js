// L'enregistrement continu des notes du comité. Sans ce fichier, le bouton enregistre; avec lui, chaque réponse part d'elle-même.
const formulaire = document.querySelector("form[data-notes]");
const etat = formulaire.querySelector("[data-etat]");
let minuterie;
let enVol = false;
let encore = false;

async function enregistrer() {
  if (enVol) {
    encore = true;
    return;
  }
  enVol = true;
  try {
    const reponse = await fetch(formulaire.dataset.notes, { method: "POST", body: new FormData(formulaire), credentials: "same-origin", redirect: "error" });
    const lu = await reponse.json();
    etat.textContent = lu.texte || lu.refus;
  } catch {
    etat.textContent = formulaire.dataset.echec;
  }
  enVol = false;
  if (encore) {
    encore = false;
    enregistrer();
  }
}

formulaire.addEventListener("input", () => {
  clearTimeout(minuterie);
  minuterie = setTimeout(enregistrer, 1200);
});
formulaire.addEventListener("change", () => {
  clearTimeout(minuterie);
  minuterie = setTimeout(enregistrer, 150);
});
formulaire.addEventListener("submit", () => clearTimeout(minuterie));
