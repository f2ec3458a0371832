/** Channel layers and history on Redis, by Lettuce, which is an optional dependency. */
@NullMarked
package io.asyncgateway.websocket.redis;

import org.jspecify.annotations.NullMarked;
