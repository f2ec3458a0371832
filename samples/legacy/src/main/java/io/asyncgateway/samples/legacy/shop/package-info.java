/** The shop itself: a Spring MVC application for any servlet container. Knows nothing of what serves it. */
@NullMarked
package io.asyncgateway.samples.legacy.shop;

import org.jspecify.annotations.NullMarked;
