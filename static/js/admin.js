// Ctrl + K mène au champ de recherche des dossiers; sans ce script, le champ reste en tête de chaque page.
document.addEventListener("keydown", (evenement) => {
  if (!(evenement.ctrlKey || evenement.metaKey) || evenement.altKey || evenement.shiftKey || evenement.key.toLowerCase() !== "k") return;
  const champ = document.getElementById("chercher-dossier");
  if (!champ) return;
  evenement.preventDefault();
  champ.focus();
  champ.select();
});
