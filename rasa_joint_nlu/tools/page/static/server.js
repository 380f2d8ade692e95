/** What the page asks its server. */

/** The server has said what is wrong; with status 503, nothing has been done yet. */
export class Problem extends Error {
  constructor(text, status) {
    super(text);
    this.isTooEarly = status === 503;
  }
}

/** The server has not answered: it is not there, or too slow. */
export class NoAnswer extends Error {}

export const pause = (seconds) => new Promise((after) => setTimeout(after, 1000 * seconds));

/**
 * @param {string} path
 * @param {object?} content what to post; nothing: get
 * @param {number} patience seconds
 */
export async function ask(path, content = null, patience = 30) {
  const options = { signal: AbortSignal.timeout(1000 * patience) };
  if (content) {
    options.method = "POST";
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(content);
  }
  let answer, answered;
  try {
    answer = await fetch(path, options);
    answered = await answer.json();
  } catch (error) {
    throw new NoAnswer(
      error.name === "TimeoutError"
        ? `The page's server did not answer within ${patience} seconds.`
        : "The page's server is not reached.",
    );
  }
  if (!answer.ok) throw new Problem(answered.problem, answer.status);
  return answered;
}
