// Améliorations sans lesquelles tout marche : le sommaire d'erreurs prend le focus; un double clic n'envoie qu'une fois.
const sommaire = document.querySelector("[data-sommaire-erreurs]");
if (sommaire) sommaire.focus();

document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  if (formulaire.dataset.envoye) {
    evenement.preventDefault();
    return;
  }
  formulaire.dataset.envoye = "1";
  window.addEventListener("pageshow", () => delete formulaire.dataset.envoye, { once: true });
});
