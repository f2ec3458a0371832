/**
 * Rooms: groups of sessions that hear the same messages, on one node or many. Begin with {@link io.asyncgateway.websocket.room.Rooms}.
 */
@NullMarked
package io.asyncgateway.websocket.room;

import org.jspecify.annotations.NullMarked;
