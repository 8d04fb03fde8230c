import { messages } from "../text/message.ts";

export const signInText = messages({
  "sign-in.title": { en: "Sign in", ro: "Autentificare" },
  "sign-in.lead": { en: "Meter reading and management", ro: "Citirea și gestiunea contoarelor" },
  "sign-in.name": { en: "Name", ro: "Nume" },
  "sign-in.password": { en: "Password", ro: "Parolă" },
  "sign-in.submit": { en: "Sign in", ro: "Intră" },
  "sign-in.show": { en: "Show the password", ro: "Arată parola" },
});
