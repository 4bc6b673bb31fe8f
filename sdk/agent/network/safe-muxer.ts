import { yamux } from "@chainsafe/libp2p-yamux";
import type { StreamMuxerFactory } from "@libp2p/interface";

/**
 * Yamux whose writes never throw. It sends some frames from microtasks, where nobody can catch: a connection that
 * falls at that moment would otherwise take the whole process down. The connection is ended instead, which closes its
 * streams.
 */
export function safeYamux(): () => StreamMuxerFactory {
  const createFactory = yamux();
  return () => {
    const factory = createFactory();
    return {
      protocol: factory.protocol,
      createStreamMuxer(connection) {
        const send = connection.send.bind(connection);
        connection.send = (data) => {
          try {
            return send(data);
          } catch (error) {
            connection.abort(error instanceof Error ? error : new Error(String(error)));
            return false;
          }
        };
        return factory.createStreamMuxer(connection);
      },
    };
  };
}
