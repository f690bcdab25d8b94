import { UploadOutlined } from '@ant-design/icons';
import { App, Button, Form, Input, Modal, Select, Upload } from 'antd';
import { useState } from 'react';
import { decodeText } from '../../../../src/api/contract/text-files.ts';
import type {
  DoNotCallView,
  ImportedDoNotCall,
  LiftedDoNotCall,
} from '../../../../src/api/contract/do-not-call.ts';
import { api } from '../../api/client.ts';
import { useAct } from '../../components/use-act.ts';
import { textOf } from '../../i18n/i18n.ts';
import { useText } from '../../i18n/language.tsx';

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

export function AddNumber({ onClose, onDone }: DialogProps) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Fields>();
  const add = async (fields: Fields) => {
    const isDone = await act(() => api.post('/do-not-call', fields), t('dnc.added'));
    if (!isDone) return;
    onClose();
    await onDone();
  };
  return (
    <Modal
      open
      title={t('dnc.add')}
      okText={t('form.save')}
      cancelText={t('form.cancel')}
      confirmLoading={isBusy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ scope: 'all' }}
        onFinish={(fields) => void add(fields)}
      >
        <Form.Item
          name="number"
          label={t('dnc.number')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus inputMode="tel" maxLength={80} placeholder="138 0000 0001" />
        </Form.Item>
        <ScopeAndReason />
      </Form>
    </Modal>
  );
}

function ScopeAndReason() {
  const t = useText();
  return (
    <>
      <Form.Item name="scope" label={t('dnc.scope')}>
        <Select options={scopes.map((value) => ({ value, label: t(`dncScope.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('dnc.reason')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input maxLength={200} placeholder={t('dnc.reasonHelp')} />
      </Form.Item>
    </>
  );
}

export function LiftEntry({ entry, onClose, onDone }: DialogProps & { entry: DoNotCallView }) {
  const t = useText();
  const { message } = App.useApp();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<{ reason: string }>();
  const lift = async (fields: { reason: string }) => {
    const isDone = await act(async () => {
      const { others } = await api.post<LiftedDoNotCall>(`/do-not-call/${entry.id}/lift`, fields);
      if (others > 0) void message.warning(t('dnc.stillBlocked', { count: others }), 6);
      else void message.success(t('dnc.isLifted'));
    });
    if (!isDone) return;
    onClose();
    await onDone();
  };
  return (
    <Modal
      open
      title={t('dnc.liftTitle')}
      okText={t('dnc.lift')}
      cancelText={t('form.cancel')}
      confirmLoading={isBusy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="quiet">{t('dnc.liftHelp')}</p>
      <Form form={form} layout="vertical" onFinish={(fields) => void lift(fields)}>
        <Form.Item
          name="reason"
          label={t('dnc.liftReason')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function ImportNumbers({ onClose, onDone }: DialogProps) {
  const t = useText();
  const { act, isBusy } = useAct();
  const [form] = Form.useForm<Omit<Fields, 'number'>>();
  const [file, setFile] = useState<File>();
  const [made, setMade] = useState<ImportedDoNotCall>();
  const take = async (fields: Omit<Fields, 'number'>) => {
    if (file === undefined) return;
    const isDone = await act(async () => {
      const text = decodeText(new Uint8Array(await file.arrayBuffer()));
      setMade(await api.post<ImportedDoNotCall>('/do-not-call/import', { ...fields, text }));
    });
    if (isDone) await onDone();
  };
  return (
    <Modal
      open
      title={t('dnc.import')}
      okText={t('dnc.import')}
      cancelText={t(made === undefined ? 'form.cancel' : 'dnc.close')}
      confirmLoading={isBusy}
      okButtonProps={{ disabled: file === undefined || made !== undefined }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ scope: 'all' }}
        onFinish={(fields) => void take(fields)}
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
      </Form>
      {made !== undefined && <Imported made={made} />}
    </Modal>
  );
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
