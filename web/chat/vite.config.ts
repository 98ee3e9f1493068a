import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page calls `/graphql` of the origin it came from. In development that is Vite, which hands it on.
const proxy = {
  "/graphql": { target: process.env.MESSENGER_URL ?? "http://127.0.0.1:8080", ws: true },
};

export default defineConfig({
  base: "/chat/",
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    // The page's policy allows no `data:` scripts or fonts, and one small file less is no gain.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
