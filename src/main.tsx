/** The composition root: the only file that knows everyone. */
import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './ui-kit/tokens.css';
import './ui-kit/base.css';
