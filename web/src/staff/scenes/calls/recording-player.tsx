import { CaretRightOutlined, PauseOutlined } from '@ant-design/icons';
import { addressOf } from '../../../api/client.ts';
import { Button, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../../shared/i18n/language.tsx';
import { duration } from '../../../shared/i18n/times.ts';
import { peaksOf } from './waveform.ts';
import './calls.css';

const bars = 160;

/** Nothing is fetched before somebody presses play: each listening is written down. */
export function RecordingPlayer({ recording }: { recording: Heard }) {
  const t = useText();
  const { missingMs } = recording;
  return (
    <>
      <Lazy {...recording} />
      {missingMs !== null && (
        <p className="owed">{t('player.cut', { time: duration(missingMs) })}</p>
      )}
    </>
  );
}

interface Heard {
  id: string;
  durationMs: number | null;
  /** What the end lacks. */
  missingMs: number | null;
}

function Lazy({ id, durationMs }: Heard) {
  const t = useText();
  const [audio, setAudio] = useState<Loaded>();
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const open = () => {
    setState('loading');
    load(id).then(setAudio, () => setState('failed'));
  };
  if (audio !== undefined) return <Player audio={audio} />;
  return (
    <div className="player">
      <Button
        shape="circle"
        icon={<CaretRightOutlined />}
        onClick={open}
        loading={state === 'loading'}
        aria-label={t('player.play')}
      />
      <span className={state === 'failed' ? 'owed' : 'quiet'}>
        {t(state === 'failed' ? 'player.failed' : 'player.open')}
      </span>
      <span className="figures quiet">{duration(durationMs ?? 0)}</span>
    </div>
  );
}

interface Loaded {
  url: string;
  channels: number[][];
  lengthMs: number;
}

async function load(id: string): Promise<Loaded> {
  const reply = await fetch(addressOf('/recordings/:id/audio', { params: { id } }));
  if (!reply.ok) throw new Error(String(reply.status));
  const blob = await reply.blob();
  const context = new AudioContext();
  const buffer = await context.decodeAudioData(await blob.arrayBuffer());
  await context.close();
  return {
    url: URL.createObjectURL(blob),
    channels: Array.from({ length: Math.min(2, buffer.numberOfChannels) }, (_unused, at) =>
      peaksOf(buffer.getChannelData(at), bars),
    ),
    lengthMs: buffer.duration * 1000,
  };
}

function Player({ audio }: { audio: Loaded }) {
  const t = useText();
  const element = useRef<HTMLAudioElement>(null);
  const [atMs, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => () => URL.revokeObjectURL(audio.url), [audio.url]);
  const toggle = () => {
    if (isPlaying) element.current?.pause();
    else void element.current?.play();
  };
  const seek = (part: number) => {
    if (element.current !== null) element.current.currentTime = (part * audio.lengthMs) / 1000;
  };
  return (
    <div className="player is-open">
      <audio
        ref={element}
        src={audio.url}
        autoPlay
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime * 1000)}
      />
      <Button
        shape="circle"
        icon={isPlaying ? <PauseOutlined /> : <CaretRightOutlined />}
        onClick={toggle}
        aria-label={t(isPlaying ? 'player.pause' : 'player.play')}
      />
      <Waves audio={audio} part={audio.lengthMs === 0 ? 0 : atMs / audio.lengthMs} onSeek={seek} />
      <span className="figures">
        {duration(atMs)} / {duration(audio.lengthMs)}
      </span>
      <Segmented
        size="small"
        value={speed}
        options={[
          { value: 1, label: '1×' },
          { value: 1.5, label: '1.5×' },
          { value: 2, label: '2×' },
        ]}
        onChange={(value: number) => {
          setSpeed(value);
          if (element.current !== null) element.current.playbackRate = value;
        }}
      />
    </div>
  );
}

/** One band a channel: the caller above, our side below. */
function Waves({
  audio,
  part,
  onSeek,
}: {
  audio: Loaded;
  part: number;
  onSeek: (part: number) => void;
}) {
  const t = useText();
  const height = 24;
  return (
    <svg
      className="waves"
      viewBox={`0 0 ${bars} ${height * audio.channels.length}`}
      preserveAspectRatio="none"
      role="slider"
      tabIndex={0}
      aria-label={t('player.position')}
      aria-valuenow={Math.round(part * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onSeek((event.clientX - box.left) / box.width);
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') onSeek(Math.min(1, part + 0.02));
        if (event.key === 'ArrowLeft') onSeek(Math.max(0, part - 0.02));
      }}
    >
      {audio.channels.map((peaks, channel) =>
        peaks.map((peak, bar) => {
          const size = Math.max(0.6, peak * (height - 4));
          return (
            <rect
              key={`${channel}-${bar}`}
              className={bar / bars <= part ? 'played' : ''}
              x={bar + 0.15}
              width={0.7}
              y={channel * height + (height - size) / 2}
              height={size}
            />
          );
        }),
      )}
    </svg>
  );
}
