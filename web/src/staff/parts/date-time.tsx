import { DatePicker } from 'antd';
import type { Dayjs } from 'dayjs';

/** A day and a time of it, to the quarter of an hour. */
export default function DateTime({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Dayjs | null;
  onChange: (value: Dayjs | null) => void;
}) {
  return (
    <DatePicker
      aria-label={label}
      showTime={{ format: 'HH:mm', minuteStep: 15 }}
      format="MM-DD HH:mm"
      value={value}
      onChange={(next: Dayjs | null) => onChange(next)}
      placeholder={label}
    />
  );
}
