/**
 * A shop that was there before, and goes on as it is: Spring MVC, Spring Security, Thymeleaf, Hibernate ({@code .shop}), run by the servlet adapter. Beside it, reactive
 * and new, a page with live orders over WebSocket.
 */
@NullMarked
package io.asyncgateway.samples.legacy;

import org.jspecify.annotations.NullMarked;
