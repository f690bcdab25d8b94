import type { Utterance } from '../tts/index.ts';
import { fixedSentences, type Flow, type FlowNode, type Text } from '../content/index.ts';

/** All sentences of a flow that no variable touches, those of its first menu first. */
export function fixedUtterances(flow: Flow): Utterance[] {
  const nodes = Object.values(flow.nodes);
  const texts = [...nodes.flatMap(textsOf), flow.texts.wrongKey, flow.texts.noInput];
  return flow.languages.flatMap((language) =>
    texts.flatMap((text) => fixedSentences(text, language)),
  );
}

/** Renders ahead, a few at a time; `onDone` hears of each. Failures are counted, not thrown. */
export async function renderAhead(
  utterances: readonly Utterance[],
  render: (utterance: Utterance) => Promise<string>,
  onDone: (done: number, of: number) => void = () => undefined,
): Promise<number> {
  const unique = [
    ...new Map(utterances.map((one) => [`${one.language} ${one.text}`, one])).values(),
  ];
  const left = [...unique];
  let done = 0;
  let failed = 0;
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await render(next).catch(() => {
        failed += 1;
      });
      done += 1;
      onDone(done, unique.length);
    }
  };
  await Promise.all([work(), work()]);
  return failed;
}

function textsOf(node: FlowNode): Text[] {
  const { text, wrong, retry } = node as { text?: Text; wrong?: Text; retry?: Text };
  return [text, wrong, retry].filter((one): one is Text => one !== undefined);
}
