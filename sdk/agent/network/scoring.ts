/** A rejected message costs its sender this much times the square of how many there were lately. */
export const REJECTION_WEIGHT = 20;

/** What is left of a rejection after one second. */
export const REJECTION_DECAY = 0.99;

/** A peer whose score falls below this is cut off, until rejections have faded. The third one does it. */
export const SILENCE_SCORE = -160;
