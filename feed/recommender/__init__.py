"""What to show whom: a model of everybody, the taste of one viewer, and a ranking with reasons.

`labels`, `covisits`, `factors`, `trends`, `catalogue`, `viewers` and `ranker` are plain numpy over
integers: the product, `manage.py evaluate_recommender` and `feed.simulation` run the same code.
`signals`, `learning` and `serving` read and write the database around it.
"""
