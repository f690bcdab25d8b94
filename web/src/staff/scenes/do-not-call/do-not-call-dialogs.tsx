import { UploadOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Modal, Select, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { decodeText } from '../../../../../src/contract/text-files.ts';
import type {
  DoNotCallView,
  ImportedDoNotCall,
} from '../../../../../src/contract/campaigns/do-not-call.ts';
import type { BodyOf } from '../../../api/routes.ts';
import { api, Problem } from '../../../api/client.ts';
import { useAct, type Act } from '../../../shared/parts/use-act.ts';
import { textOf, type MessageKey, type Translate } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';

export const scopes = [
  'all',
  'service',
  'collection',
  'research',
  'marketing',
  'emergency',
] as const;

interface DialogProps {
  onClose: () => void;
  onDone: () => Promise<void>;
}

interface Fields {
  number: string;
  scope: (typeof scopes)[number];
  reason: string;
}

/** A question with a form: asked, sent, closed once it is done. */
function AskDialog<Asked extends object>({
  texts: { title, ok, cancel },
  initial,
  isSendable = true,
  send,
  onClose,
  children,
  after,
}: {
  texts: { title: MessageKey; ok: MessageKey; cancel?: MessageKey };
  initial?: Partial<Asked>;
  isSendable?: boolean;
  /** Whether the dialog has done its work. */
  send: (fields: Asked, act: Act) => Promise<boolean>;
  onClose: () => void;
  children: ReactNode;
  after?: ReactNode;
}) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Asked>();
  const submit = async (fields: Asked) => {
    if (await send(fields, act)) onClose();
  };
  return (
    <Modal
      open
      title={t(title)}
      okText={t(ok)}
      cancelText={t(cancel ?? 'form.cancel')}
      confirmLoading={isBusy}
      okButtonProps={{ disabled: !isSendable }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Asked>
        form={form}
        layout="vertical"
        {...(initial === undefined ? {} : { initialValues: initial })}
        onFinish={(fields) => void submit(fields)}
      >
        {children}
      </Form>
      {after}
    </Modal>
  );
}

export function AddNumber({ onClose, onDone }: DialogProps) {
  const t = useText();
  const send = async (fields: Fields, act: Act) => {
    const isDone = await act(() => api.post('/do-not-call', { body: fields }), t('dnc.added'));
    if (isDone) await onDone();
    return isDone;
  };
  return (
    <AskDialog<Fields>
      texts={{ title: 'dnc.add', ok: 'form.save' }}
      initial={{ scope: 'all' }}
      send={send}
      onClose={onClose}
    >
      <Form.Item name="number" label={t('dnc.number')} rules={[required(t)]}>
        <Input autoFocus inputMode="tel" maxLength={80} placeholder="138 0000 0001" />
      </Form.Item>
      <ScopeAndReason />
    </AskDialog>
  );
}

function required(t: Translate) {
  return { required: true, whitespace: true, message: t('form.required') };
}

function ScopeAndReason() {
  const t = useText();
  return (
    <>
      <Form.Item name="scope" label={t('dnc.scope')}>
        <Select options={scopes.map((value) => ({ value, label: t(`dncScope.${value}`) }))} />
      </Form.Item>
      <Form.Item name="reason" label={t('dnc.reason')} rules={[required(t)]}>
        <Input maxLength={200} placeholder={t('dnc.reasonHelp')} />
      </Form.Item>
    </>
  );
}

export function LiftEntry({ entry, onClose, onDone }: DialogProps & { entry: DoNotCallView }) {
  const t = useText();
  const { message } = App.useApp();
  const send = async (fields: { reason: string }, act: Act) => {
    const isDone = await act(async () => {
      const { others } = await api.post('/do-not-call/:id/lift', {
        params: { id: entry.id },
        body: fields,
      });
      if (others > 0) void message.warning(t('dnc.stillBlocked', { count: others }), 6);
      else void message.success(t('dnc.isLifted'));
    });
    if (isDone) await onDone();
    return isDone;
  };
  return (
    <AskDialog<{ reason: string }>
      texts={{ title: 'dnc.liftTitle', ok: 'dnc.lift' }}
      send={send}
      onClose={onClose}
    >
      <p className="quiet">{t('dnc.liftHelp')}</p>
      <Form.Item name="reason" label={t('dnc.liftReason')} rules={[required(t)]}>
        <Input autoFocus maxLength={200} />
      </Form.Item>
    </AskDialog>
  );
}

export function ImportNumbers({ onClose, onDone }: DialogProps) {
  const t = useText();
  const [file, setFile] = useState<File>();
  const [made, setMade] = useState<ImportedDoNotCall>();
  const send = async (fields: Omit<Fields, 'number'>, act: Act) => {
    if (file === undefined) return false;
    const isDone = await act(async () => {
      const text = decodeText(new Uint8Array(await file.arrayBuffer()));
      setMade(await imported({ ...fields, text }));
    });
    if (isDone) await onDone();
    // It stays for the wrong lines.
    return false;
  };
  return (
    <AskDialog<Omit<Fields, 'number'>>
      texts={{
        title: 'dnc.import',
        ok: 'dnc.import',
        cancel: made === undefined ? 'form.cancel' : 'form.close',
      }}
      initial={{ scope: 'all' }}
      isSendable={file !== undefined && made === undefined}
      send={send}
      onClose={onClose}
      after={made !== undefined && <Imported made={made} />}
    >
      <Form.Item extra={t('dnc.importHelp')}>
        <Upload
          accept=".csv,.txt,text/csv,text/plain"
          maxCount={1}
          beforeUpload={(one) => {
            setFile(one);
            setMade(undefined);
            return false;
          }}
          onRemove={() => setFile(undefined)}
        >
          <Button icon={<UploadOutlined />}>{t('dnc.file')}</Button>
        </Upload>
      </Form.Item>
      <ScopeAndReason />
    </AskDialog>
  );
}

/** A list of which all stands there already is told in the same way, with its wrong lines. */
async function imported(request: BodyOf<'POST /do-not-call/import'>): Promise<ImportedDoNotCall> {
  try {
    return await api.post('/do-not-call/import', { body: request });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'do_not_call.nothing_new') throw error;
    return error.details as unknown as ImportedDoNotCall;
  }
}

function Imported({ made }: { made: ImportedDoNotCall }) {
  const t = useText();
  return (
    <div role="status">
      <div>{t('dnc.importDone', { added: made.added, known: made.known })}</div>
      {made.faultCount > 0 && (
        <>
          <div className="owed">{t('dnc.importBad', { count: made.faultCount })}</div>
          <ul className="plain">
            {made.faults.slice(0, 8).map(({ line, reason }) => (
              <li key={line}>
                {t('dnc.importLine', { line, reason: textOf(t, 'dncFault', reason) })}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
