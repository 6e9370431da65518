import styles from './data.module.css';

/** Where the data comes from, its links made links. */
export function Credit({ text }: { readonly text: string }) {
  const parts = text.split(/(https?:\/\/[^\s,;)]+)/);
  return (
    <p className={styles.credit}>
      {parts.map(part =>
        part.startsWith('http') ? (
          <a key={part} href={part} target="_blank" rel="noreferrer">
            {part.replace(/^https?:\/\//, '').replace(/\/$/, '')}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
