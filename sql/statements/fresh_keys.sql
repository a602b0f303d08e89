-- name: sort_in
SELECT tonggao.sort_in_keys(%(most)s);
