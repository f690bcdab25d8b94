import { store, stored } from '../../../shared/browser/storage.ts';

/** Which microphone and speaker; remembered in this browser. */
export interface Devices {
  microphones: readonly MediaDeviceInfo[];
  speakers: readonly MediaDeviceInfo[];
}

export interface Choice {
  microphone: string;
  speaker: string;
  /** 0–1. */
  volume: number;
  ringVolume: number;
}

const key = 'lingting.devices';
const initial: Choice = { microphone: '', speaker: '', volume: 1, ringVolume: 0.6 };

export function storedChoice(): Choice {
  try {
    const known: unknown = JSON.parse(stored(key) ?? '{}');
    return { ...initial, ...(known as Partial<Choice>) };
  } catch (error) {
    console.warn('the chosen devices could not be read', error);
    return initial;
  }
}

export function storeChoice(choice: Choice): void {
  store(key, JSON.stringify(choice));
}

export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    all.filter((one) => one.kind === kind && one.deviceId !== '');
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** The chosen microphone, or the system's when it has been unplugged. */
export async function openMicrophone(deviceId: string): Promise<MediaStream> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  if (deviceId === '') return navigator.mediaDevices.getUserMedia({ audio });
  return navigator.mediaDevices
    .getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } })
    .catch((error: unknown) => {
      const isGone = error instanceof DOMException && error.name !== 'NotAllowedError';
      if (!isGone) throw error;
      return navigator.mediaDevices.getUserMedia({ audio });
    });
}

export function closeStream(stream: MediaStream | undefined): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Not every browser can choose a speaker; then the system's is used. */
export async function routeTo(
  audio: HTMLAudioElement | undefined,
  deviceId: string,
): Promise<void> {
  if (typeof audio?.setSinkId !== 'function') return;
  await audio
    .setSinkId(deviceId)
    .catch(() => audio.setSinkId(''))
    .catch((error: unknown) => console.warn('the speaker cannot be chosen', error));
}
