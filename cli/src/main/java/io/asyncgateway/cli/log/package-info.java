/** What the command writes: the access log and the server's own log, both off the event loops by a bounded queue. */
@NullMarked
package io.asyncgateway.cli.log;

import org.jspecify.annotations.NullMarked;
