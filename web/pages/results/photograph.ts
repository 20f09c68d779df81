// The texts of every QR code in a photograph, by ZXing in WebAssembly. The module is
// served with the page and loaded when the first picture comes.

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

let ready = false;

function prepare(): void {
  if (ready) return;
  prepareZXingModule({ overrides: { locateFile: (path: string) => (path.endsWith(".wasm") ? new URL(wasm, document.baseURI).href : path) } });
  ready = true;
}

export async function readPhotograph(picture: Blob): Promise<string[]> {
  prepare();
  const found = await readBarcodes(picture, {
    formats: ["QRCode"], tryHarder: true, tryRotate: true, tryDownscale: true, maxNumberOfSymbols: 32,
  });
  return [...new Set(found.filter((one) => one.isValid).map((one) => one.text))];
}
