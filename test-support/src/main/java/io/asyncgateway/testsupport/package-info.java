/** What the tests of several modules share: that no buffer is lost. */
@NullMarked
package io.asyncgateway.testsupport;

import org.jspecify.annotations.NullMarked;
