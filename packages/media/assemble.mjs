// Assembles src/watermark/marker.wat into dist/watermark/marker.wasm; part of the build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import openWabt from 'wabt';

const source = fileURLToPath(new URL('./src/watermark/marker.wat', import.meta.url));
const target = fileURLToPath(new URL('./dist/watermark/marker.wasm', import.meta.url));

const wabt = await openWabt();
const module = wabt.parseWat('marker.wat', readFileSync(source, 'utf8'), { simd: true });
module.validate({ simd: true });
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, module.toBinary({}).buffer);
