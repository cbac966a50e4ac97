// sharp: decodes the photo, rotates it upright, encodes it again, and keeps the profile. Reads and writes the lines
// that `start.py` describes.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const sharp = createRequire(`${process.cwd()}/`)("sharp");
const WARM_UP = 2;

// With the cache, the second round would get the result of the first.
sharp.cache(false);

const scrub = (photo) => sharp(photo).rotate().jpeg({ quality: 95 }).keepIccProfile().toBuffer();

async function times(photo, rounds) {
  const all = [];
  for (let round = 0; round < WARM_UP + rounds; round += 1) {
    const start = process.hrtime.bigint();
    await scrub(photo);
    all.push(process.hrtime.bigint() - start);
  }
  return all.slice(WARM_UP);
}

console.log(`sharp ${sharp.versions.sharp} (libvips ${sharp.versions.vips}, mozjpeg ${sharp.versions.mozjpeg})`);
for await (const line of createInterface({ input: process.stdin })) {
  const [command, file, argument] = line.split("\t");
  try {
    const photo = readFileSync(file);
    if (command === "scrub") {
      writeFileSync(argument, await scrub(photo));
      console.log("ok");
    } else {
      console.log((await times(photo, Number(argument))).join("\t"));
    }
  } catch (error) {
    console.log(`refused\t${error.message.replace(/\s+/g, " ")}`);
  }
}
