// Progression d'un envoi de fichiers. Sans ce script, le formulaire part tel quel et tout marche.
for (const formulaire of document.querySelectorAll("form[data-televersement]")) {
  formulaire.addEventListener("submit", (evenement) => {
    evenement.preventDefault();
    evenement.stopPropagation(); // la garde du double clic (portail.js) laisse place à la nôtre
    const bouton = formulaire.querySelector("button");
    if (bouton.disabled) return;
    const cadre = formulaire.querySelector(".progression");
    const barre = cadre.querySelector("progress");
    const texte = cadre.querySelector("span");
    const erreurs = formulaire.querySelector(".erreur-envoi");
    const finir = (messages) => {
      bouton.disabled = false;
      cadre.hidden = true;
      erreurs.replaceChildren(...messages.map((message) => Object.assign(document.createElement("p"), { textContent: message })));
    };
    erreurs.replaceChildren();
    bouton.disabled = true;
    cadre.hidden = false;
    barre.value = 0;
    const envoi = new XMLHttpRequest();
    envoi.open("POST", formulaire.action);
    envoi.setRequestHeader("X-Televersement", "1");
    envoi.upload.addEventListener("progress", (e) => {
      if (!e.lengthComputable) return;
      barre.value = Math.round((100 * e.loaded) / e.total);
      texte.textContent = `${barre.value}\u00a0%`;
    });
    envoi.addEventListener("error", () => finir([formulaire.dataset.perdu]));
    envoi.addEventListener("timeout", () => finir([formulaire.dataset.perdu]));
    envoi.addEventListener("load", () => {
      if (envoi.status === 413) return finir([formulaire.dataset.lourd]);
      let reponse = null;
      try { reponse = JSON.parse(envoi.responseText); } catch { reponse = null; }
      if (reponse && reponse.url) return window.location.assign(reponse.url);
      if (reponse && reponse.erreurs) return finir(reponse.erreurs);
      return finir([envoi.responseURL.includes("/compte/") || envoi.status === 403 ? formulaire.dataset.expire : formulaire.dataset.perdu]);
    });
    envoi.send(new FormData(formulaire));
  });
}
