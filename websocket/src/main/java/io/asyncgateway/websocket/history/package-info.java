/**
 * The messages of the past, by ascending id, for replay and resume: {@link io.asyncgateway.websocket.history.History}, and
 * {@link io.asyncgateway.websocket.history.InMemoryHistory} for one node.
 */
@NullMarked
package io.asyncgateway.websocket.history;

import org.jspecify.annotations.NullMarked;
