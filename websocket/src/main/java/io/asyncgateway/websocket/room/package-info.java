/** Rooms: groups of sessions that hear the same messages. */
@NullMarked
package io.asyncgateway.websocket.room;

import org.jspecify.annotations.NullMarked;
