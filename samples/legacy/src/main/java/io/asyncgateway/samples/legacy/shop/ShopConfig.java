package io.asyncgateway.samples.legacy.shop;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the shop does, without its pages. */
@Configuration(proxyBeanMethods = false)
@Import({Catalog.class, Accounts.class, Orders.class, OrderNews.class, FirstGoods.class})
class ShopConfig {}
