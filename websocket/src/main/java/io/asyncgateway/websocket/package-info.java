/** WebSocket services over the contract: sessions, handshakes, JSON messages. */
@NullMarked
package io.asyncgateway.websocket;

import org.jspecify.annotations.NullMarked;
