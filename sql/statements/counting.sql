-- name: count_anew
SELECT tonggao.count_anew(%(most)s);
