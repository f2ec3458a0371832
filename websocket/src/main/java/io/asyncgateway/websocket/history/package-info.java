/** The messages of the past, by ascending id, for replay and resume. */
@NullMarked
package io.asyncgateway.websocket.history;

import org.jspecify.annotations.NullMarked;
