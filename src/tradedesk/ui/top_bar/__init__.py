"""The bar at the top: contract, bar size, account, money, arming, the two panic buttons."""
