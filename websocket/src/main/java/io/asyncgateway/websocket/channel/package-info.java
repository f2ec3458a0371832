/** Channel layers: messages between sessions, groups and nodes. */
@NullMarked
package io.asyncgateway.websocket.channel;

import org.jspecify.annotations.NullMarked;
