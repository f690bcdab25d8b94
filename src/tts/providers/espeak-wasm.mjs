/** Runs the WebAssembly build of eSpeak NG like the program: text on stdin, WAV on stdout. */
import { readFileSync } from 'node:fs';
import createEspeak from 'espeak-ng';

const text = readFileSync(0, 'utf8').trim();
const options = process.argv.slice(2).filter((one) => one !== '--stdout');
const espeak = await createEspeak({ arguments: [...options, '-w', 'out.wav', '--', text] });
process.stdout.write(espeak.FS.readFile('out.wav'));
