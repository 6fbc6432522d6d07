/* The walk of a request over its slice of offers once more, by hand, as the limit to measure the
   compiled kernel against: same layout, same order of work, 16 rows at a time where the processor
   has AVX-512. Built by matching_limit.py; formulas are those of matchmaking/engine/kernels. */
#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

enum { BLOCK = 1024, SHIFT = 5, BUCKETS = 512, PARTS = 8, PRODUCER = 1, SLOT_BITS = 8 };

typedef struct {
    int64_t organisation; double quantity, capacity, lot, price, shelf_days;
    int64_t first_day, last_day, stars, stars_from, stars_to, papers, mask;
} Offer;
typedef struct {
    int64_t organisation, low, high; double quantity, ceiling;
    int64_t first_day, last_day, province, minimum_stars, required, preferred;
    double lead_hours; int64_t mask, outlets, has_words;
} Request;
typedef struct { int64_t node, province, storage; double access_hours, access_km, kg; } Origin;
typedef struct { int64_t node; double hours, km; } Outlet;
typedef struct {
    double weights[8], rates[4], closeness_leaf, closeness_set, name_share, freight_fixed,
        loading_hours, stretch_hours, pause_hours, day_hours, night_hours, shelf_share, tolerated,
        span_share, papers_for_full, unknown, slack, usual_hours, papers_by_day, margin_share;
    int64_t minimum, plain_slots, gainful[2][PARTS], least_gains[2];
} Rules;

typedef struct {
    const Offer *offers; const int32_t *papers_from, *papers_to;
    const uint64_t *leaf, *product; const Request *requests; const uint64_t *words;
    const Outlet *outlets; const Origin *origins; const double *hours, *km;
    const uint8_t *pacts; const Rules *rules;
    const int32_t *whole; const float *real; const int64_t *bounds, *run_starts;
    const int32_t *run_links, *link;
    const int64_t *starts; int64_t *counts; int32_t *rows, *parts; const int64_t *ties;
    const int32_t *by_tie;
    int64_t offers_n, requests_n, nodes, provinces, slots, periods, width;
} World;

typedef struct {
    double *ways; float *table; int32_t *seen; float *block; int32_t *place, *points, *order;
    int64_t *keys, *at; int32_t *parts;
} Scratch;

static inline float least(float a, float b) { return a < b ? a : b; }
static inline float most(float a, float b) { return a > b ? a : b; }
static inline double lower(double a, double b) { return a < b ? a : b; }
static inline double upper(double a, double b) { return a > b ? a : b; }

static void way(const World *w, const Origin *o, int64_t row, double *found) {
    const Rules *r = w->rules; const Request *q = w->requests + row;
    double best = INFINITY, far = INFINITY;
    for (int64_t at = 0; at < q->outlets; at++) {
        const Outlet *there = w->outlets + row * w->width + at;
        double hours = w->hours[o->node * w->nodes + there->node] + there->hours;
        double km = w->km[o->node * w->nodes + there->node] + there->km;
        if (hours < best) { best = hours; far = km; } else if (hours == best && km < far) far = km;
    }
    double hours = best + o->access_hours, km = far + o->access_km;
    double driving = isfinite(hours) ? hours : 0;
    double pauses = upper(ceil(driving / r->stretch_hours) - 1, 0);
    double nights = upper(ceil(driving / r->day_hours) - 1, 0);
    found[0] = hours + r->loading_hours + pauses * r->pause_hours + nights * r->night_hours;
    found[1] = isfinite(km) ? (r->freight_fixed + r->rates[o->storage] * km) * o->kg : NAN;
    found[2] = o->province == q->province || w->pacts[o->province * w->provinces + q->province];
}

static void fill(const World *w, int64_t row, Scratch *s) {
    int64_t n = w->requests_n, stop = w->run_starts[w->bounds[3 * n + row]];
    for (int64_t at = w->run_starts[w->bounds[2 * n + row]]; at < stop; at++) {
        int32_t origin = w->run_links[at];
        if (s->seen[origin] == w->link[row]) continue;
        s->seen[origin] = w->link[row];
        double *found = s->ways + 3 * origin;
        way(w, w->origins + origin, row, found);
        float *table = s->table + 4 * origin;
        table[0] = (float)found[0]; table[1] = (float)found[1];
        table[2] = isinf(found[0]) ? -1e9f : (float)(found[2] * w->rules->weights[6]);
    }
}

static int64_t product_points(const Request *q, const Rules *r, double alike) {
    double close = q->high - q->low == 1 ? r->closeness_leaf : r->closeness_set, fit = close;
    if (!isnan(alike)) fit = (1 - r->name_share) * close + r->name_share * alike;
    return (int64_t)rint((close > 0 ? fit : 0) * r->weights[0]);
}

/* Bounds of 16 rows at a time, written densely for those that may be listed. */
static int64_t collect(const World *w, int64_t row, Scratch *s) {
    const Request *q = w->requests + row; const Rules *r = w->rules;
    int64_t n = w->offers_n, start = w->bounds[row], stop = w->bounds[w->requests_n + row];
    double span = q->ceiling * r->span_share;
    int64_t wishes = q->preferred & ~q->required;
    const int32_t mask = (int32_t)q->mask, from = (int32_t)q->first_day, to = (int32_t)q->last_day;
    const float asked = (float)q->quantity, per_asked = (float)(1 / q->quantity);
    const float limit = (float)(q->ceiling * r->tolerated);
    const float per_span = (float)(span > 0 ? 1 / span : 0);
    const float lead = isnan(q->lead_hours) ? INFINITY : (float)q->lead_hours;
    const float per_day = (float)(r->weights[3] / (double)(q->last_day - q->first_day + 1));
    const float per_paper = (float)(wishes ? 0 : r->weights[5] / r->papers_for_full);
    const float held = (float)__builtin_popcountll((uint64_t)(q->required & r->plain_slots));
    const float stars = (float)(q->minimum_stars > 2 ? q->minimum_stars : 2);
    const float unknown = (float)r->unknown, w1 = (float)r->weights[1], w2 = (float)r->weights[2];
    const float w4 = (float)r->weights[4], w5 = (float)r->weights[5];
    const float base = (float)(r->slack + product_points(q, r, q->has_words ? 1.0 : NAN)
                               + (wishes ? r->weights[5] : 0));
    const float usual = r->usual_hours > 0 ? (float)r->usual_hours : INFINITY;
    const float ceiling = (float)(q->ceiling * (1 + 4e-6)), w7 = (float)r->weights[7];
    const float least_gain = (float)((double)r->least_gains[PRODUCER] - r->slack);
    const float minimum = (float)r->minimum, above = 1.000001f, below = 0.999999f;
    const int32_t *origin = w->whole, *masks = origin + n, *firsts = masks + n, *lasts = firsts + n,
                  *merits = lasts + n;
    const float *quantity = w->real, *capacity = quantity + n, *lot = capacity + n, *price = lot + n,
                *shelf = price + n, *per_margin = shelf + n;
    int64_t kept = 0, at = start;
#ifdef __AVX512F__
#define F(x) _mm512_set1_ps(x)
    const __m512 one = F(1), zero = F(0), vunknown = F(unknown), infinite = F(INFINITY);
    for (; at < stop; at += 16) {
        __mmask16 live = stop - at >= 16 ? 0xffff : (__mmask16)((1u << (stop - at)) - 1);
        __m512i m = _mm512_maskz_loadu_epi32(live, masks + at), need = _mm512_set1_epi32(mask);
        __m512i first = _mm512_max_epi32(_mm512_maskz_loadu_epi32(live, firsts + at), _mm512_set1_epi32(from));
        __m512i last = _mm512_min_epi32(_mm512_maskz_loadu_epi32(live, lasts + at), _mm512_set1_epi32(to));
        live = _mm512_mask_cmpeq_epi32_mask(live, _mm512_and_epi32(m, need), need);
        live = _mm512_mask_cmple_epi32_mask(live, first, last);
        if (!live) continue;
        __m512i o = _mm512_slli_epi32(_mm512_maskz_loadu_epi32(live, origin + at), 2);
        __m512 hours = _mm512_mask_i32gather_ps(zero, live, o, s->table, 4);
        __m512 freight = _mm512_mask_i32gather_ps(zero, live, o, s->table + 1, 4);
        __m512 pact = _mm512_mask_i32gather_ps(zero, live, o, s->table + 2, 4);
        __m512 days = _mm512_cvtepi32_ps(_mm512_add_epi32(_mm512_sub_epi32(last, first), _mm512_set1_epi32(1)));
        __m512 weeks = _mm512_floor_ps(_mm512_mul_ps(_mm512_add_ps(days, F(6.5f)), F(1 / 7.0f)));
        __m512 able = _mm512_min_ps(_mm512_maskz_loadu_ps(live, quantity + at),
                                    _mm512_mul_ps(_mm512_maskz_loadu_ps(live, capacity + at), weeks));
        live = _mm512_mask_cmp_ps_mask(live, _mm512_min_ps(able, F(asked)),
            _mm512_mul_ps(_mm512_maskz_loadu_ps(live, lot + at), F(below)), _CMP_GE_OQ);
        __m512 p = _mm512_maskz_loadu_ps(live, price + at), landed = _mm512_add_ps(p, freight);
        __mmask16 nan = _mm512_cmp_ps_mask(landed, landed, _CMP_UNORD_Q);
        __m512 lowest = _mm512_mask_blend_ps(nan, landed, p);
        live &= ~_mm512_cmp_ps_mask(_mm512_mul_ps(lowest, F(below)), F(limit * above), _CMP_GT_OQ);
        __m512 may = _mm512_min_ps(_mm512_maskz_loadu_ps(live, shelf + at), F(lead));
        live &= ~_mm512_cmp_ps_mask(_mm512_mul_ps(hours, F(below)), _mm512_mul_ps(may, F(above)), _CMP_GT_OQ);
        if (!live) continue;
        __m512 fit = _mm512_mul_ps(_mm512_sub_ps(F(limit), landed), F(per_span));
        nan = _mm512_cmp_ps_mask(fit, fit, _CMP_UNORD_Q);
        fit = _mm512_mask_blend_ps(nan, _mm512_min_ps(_mm512_max_ps(fit, zero), one), vunknown);
        may = _mm512_min_ps(may, F(usual));
        __m512 left = _mm512_max_ps(_mm512_sub_ps(one, _mm512_div_ps(hours, may)), zero);
        left = _mm512_mask_blend_ps(_mm512_cmp_ps_mask(may, infinite, _CMP_EQ_OQ), left, vunknown);
        __m512 margin = _mm512_fmadd_ps(_mm512_sub_ps(F(ceiling), landed),
                                        _mm512_maskz_loadu_ps(live, per_margin + at), F(0.5f));
        nan = _mm512_cmp_ps_mask(margin, margin, _CMP_UNORD_Q);
        margin = _mm512_mask_blend_ps(nan, _mm512_min_ps(_mm512_max_ps(margin, zero), one), vunknown);
        __m512 gain = _mm512_fmadd_ps(F(w1), _mm512_min_ps(_mm512_mul_ps(able, F(per_asked)), one), pact);
        gain = _mm512_fmadd_ps(F(w4), left, _mm512_fmadd_ps(F(w7), margin, gain));
        live = _mm512_mask_cmp_ps_mask(live, gain, F(least_gain), _CMP_GE_OQ);
        __m512i merit = _mm512_maskz_loadu_epi32(live, merits + at);
        __m512 plain = _mm512_cvtepi32_ps(_mm512_and_epi32(merit, _mm512_set1_epi32(255)));
        __m512 star = _mm512_cvtepi32_ps(_mm512_srli_epi32(merit, SLOT_BITS));
        __m512 papers = _mm512_add_ps(_mm512_sub_ps(plain, F(held)), _mm512_max_ps(_mm512_sub_ps(star, F(stars)), zero));
        __m512 total = _mm512_fmadd_ps(days, F(per_day), _mm512_add_ps(F(base), gain));
        total = _mm512_fmadd_ps(F(w2), fit, total);
        total = _mm512_add_ps(total, _mm512_min_ps(_mm512_mul_ps(papers, F(per_paper)), F(w5)));
        live = _mm512_mask_cmp_ps_mask(live, total, F(minimum), _CMP_GE_OQ);
        __m512i rows = _mm512_add_epi32(_mm512_set1_epi32((int32_t)at),
            _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
        _mm512_storeu_si512(s->place + kept, _mm512_maskz_compress_epi32(live, rows));
        _mm512_storeu_si512(s->points + kept, _mm512_maskz_compress_epi32(live, _mm512_cvttps_epi32(total)));
        kept += __builtin_popcount(live);
    }
#else
    for (; at < stop; at++) {
        int32_t first = firsts[at] > from ? firsts[at] : from, last = lasts[at] < to ? lasts[at] : to;
        if ((masks[at] & mask) != mask || first > last) continue;
        const float *table = s->table + 4 * origin[at];
        float days = (float)(last - first + 1), weeks = floorf((days + 6.5f) * (1 / 7.0f));
        float able = least(quantity[at], capacity[at] * weeks), hours = table[0];
        float landed = price[at] + table[1], may = least(shelf[at], lead);
        if (least(able, asked) < lot[at] * below) continue;
        if ((isnan(landed) ? price[at] : landed) * below > limit * above) continue;
        if (hours * below > may * above) continue;
        float fit = (limit - landed) * per_span;
        fit = isnan(fit) ? unknown : least(most(fit, 0), 1);
        may = least(may, usual);
        float left = may == INFINITY ? unknown : most(1 - hours / may, 0);
        float papers = (float)(merits[at] & 255) - held + most((float)(merits[at] >> SLOT_BITS) - stars, 0);
        float margin = 0.5f + (ceiling - landed) * per_margin[at];
        margin = isnan(margin) ? unknown : least(most(margin, 0), 1);
        float gain = table[2] + w1 * least(able * per_asked, 1) + w4 * left + w7 * margin;
        if (gain < least_gain) continue;
        float total = base + gain + days * per_day + w2 * fit + least(papers * per_paper, w5);
        if (total < minimum) continue;
        s->place[kept] = (int32_t)at; s->points[kept++] = (int32_t)total;
    }
#endif
    return kept;
}

static void sort(Scratch *s, int64_t kept) {
    int32_t counts[BUCKETS] = {0}, before = 0, top = (BUCKETS << SHIFT) - 1;
    for (int64_t at = 0; at < kept; at++) {
        if (s->points[at] > top) s->points[at] = top;
        counts[BUCKETS - 1 - (s->points[at] >> SHIFT)]++;
    }
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
        int32_t here = counts[bucket]; counts[bucket] = before; before += here;
    }
    for (int64_t at = 0; at < kept; at++)
        s->order[counts[BUCKETS - 1 - (s->points[at] >> SHIFT)]++] = (int32_t)at;
}

static double alike(const uint64_t *product, const uint64_t *leaf, const uint64_t *words) {
    int64_t asked, held, shared, leaf_held, leaf_shared;
#ifdef __AVX512VPOPCNTDQ__
    __m512i p = _mm512_loadu_si512(product), l = _mm512_loadu_si512(leaf), q = _mm512_loadu_si512(words);
#define BITS(x) _mm512_reduce_add_epi64(_mm512_popcnt_epi64(x))
    asked = BITS(q); held = BITS(p); shared = BITS(_mm512_and_si512(p, q));
    leaf_held = BITS(l); leaf_shared = BITS(_mm512_and_si512(l, q));
#else
    asked = held = shared = leaf_held = leaf_shared = 0;
    for (int at = 0; at < 8; at++) {
        asked += __builtin_popcountll(words[at]); held += __builtin_popcountll(product[at]);
        shared += __builtin_popcountll(product[at] & words[at]);
        leaf_held += __builtin_popcountll(leaf[at]);
        leaf_shared += __builtin_popcountll(leaf[at] & words[at]);
    }
#endif
    double first = (double)shared / (double)(asked + held - shared);
    double second = (double)leaf_shared / (double)(asked + leaf_held - leaf_shared);
    return first > second ? first : second;
}


typedef struct { int64_t first, last; } Days;

static inline int64_t high(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t low(int64_t a, int64_t b) { return a < b ? a : b; }

static Days period(const World *w, int64_t row, int slot, Days days) {
    int64_t at = (row * w->slots + slot) * w->periods;
    Days chosen = {w->papers_from[at], w->papers_to[at]};
    for (int64_t stop = at++ + w->periods; at < stop; at++) {
        Days other = {w->papers_from[at], w->papers_to[at]};
        if (low(days.last, other.last) - high(days.first, other.first)
            > low(days.last, chosen.last) - high(days.first, chosen.first))
            chosen = other;
    }
    return chosen;
}

static double worth(int64_t from, int64_t to, Days days, int64_t asked) {
    if (asked) return (double)high(low(to, days.last) - high(from, days.first) + 1, 0) / (double)asked;
    return from <= days.first && to >= days.last;
}

static int gainful(const Rules *r, const int32_t *parts) {
    for (int side = 0; side < 2; side++) {
        int64_t gained = 0;
        for (int at = 0; at < PARTS; at++) gained += r->gainful[side][at] * parts[at];
        if (gained < r->least_gains[side]) return 0;
    }
    return 1;
}

static int64_t rest(const World *w, int64_t row, const Request *q, const double *found, int32_t *parts) {
    const Offer *o = w->offers + row; const Rules *r = w->rules;
    if (o->organisation == q->organisation || (q->required & ~o->papers)) return -1;
    double limit = q->ceiling * r->tolerated, landed = o->price + found[1];
    if ((isnan(landed) ? o->price : landed) > limit) return -1;
    double shelf = o->shelf_days * 24 * r->shelf_share, lead = q->lead_hours;
    if (isinf(found[0]) || found[0] > shelf || found[0] > lead) return -1;
    Days both = {high(o->first_day, q->first_day), low(o->last_day, q->last_day)}, days = both;
    for (uint64_t left = (uint64_t)q->required; left; left &= left - 1) {
        Days valid = period(w, row, __builtin_ctzll(left), both);
        days.first = high(days.first, valid.first);
        days.last = low(days.last, valid.last);
    }
    if (q->minimum_stars > 0) {
        days.first = high(days.first, o->stars_from);
        days.last = low(days.last, o->stars_to);
    }
    int64_t count = days.last - days.first + 1;
    if (count < 1) return -1;
    double able = o->quantity;
    if (isfinite(o->capacity)) able = lower(able, o->capacity * ceil((double)count / 7));
    double traded = lower(able, q->quantity);
    if (traded > 0 && traded < o->lot) return -1;
    double fits[PARTS - 1] = {lower(able / q->quantity, 1), NAN,
        (double)count / (double)(q->last_day - q->first_day + 1), NAN, 0, found[2], NAN};
    double span = q->ceiling * r->span_share, may = isnan(shelf) || lead < shelf ? lead : shelf;
    if (!isnan(landed) && !isnan(q->ceiling))
        fits[1] = span > 0 ? lower(upper((limit - landed) / span, 0), 1) : 0;
    if (r->usual_hours > 0 && !(may <= r->usual_hours)) may = r->usual_hours;
    if (!isnan(may)) fits[3] = may > 0 ? lower(upper(1 - found[0] / may, 0), 1) : 0;
    double room = q->ceiling - landed, full_margin = o->price * r->margin_share;
    double share = full_margin > 0 ? room / full_margin : (room > 0) - (room < 0);
    if (!isnan(room)) fits[6] = lower(upper(0.5 + 0.5 * share, 0), 1);
    int64_t wishes = q->preferred & ~q->required;
    int64_t asked = r->papers_by_day > 0 ? q->last_day - q->first_day + 1 : 0;
    double number = 0;
    uint64_t left = (uint64_t)(o->papers & (wishes ? wishes : r->plain_slots & ~q->required));
    for (; left; left &= left - 1) {
        Days valid = period(w, row, __builtin_ctzll(left), days);
        number += worth(valid.first, valid.last, days, asked);
    }
    if (!wishes)
        number += worth(o->stars_from, o->stars_to, days, asked)
            * (double)high(o->stars - high(q->minimum_stars, 2), 0);
    double full = wishes ? (double)__builtin_popcountll((uint64_t)wishes) : r->papers_for_full;
    fits[4] = lower(number / full, 1);
    int64_t total = 0;
    for (int at = 0; at < PARTS - 1; at++) {
        parts[at + 1] = (int32_t)rint((isnan(fits[at]) ? r->unknown : fits[at]) * r->weights[at + 1]);
        total += parts[at + 1];
    }
    return total;
}

static void sink(Scratch *s, int64_t size, int64_t key, int64_t slot) {
    int64_t at = 0, child = 1;
    for (; child < size; at = child, child = 2 * child + 1) {
        if (child + 1 < size && s->keys[child + 1] < s->keys[child]) child++;
        if (s->keys[child] >= key) break;
        s->keys[at] = s->keys[child];
        s->at[at] = s->at[child];
    }
    s->keys[at] = key;
    s->at[at] = slot;
}

static int64_t keep(Scratch *s, int64_t size, int64_t room, int64_t key, const int32_t *parts) {
    int64_t slot = size;
    if (size == room) {
        if (key <= s->keys[0]) return size;
        slot = s->at[0];
        sink(s, size, key, slot);
    } else {
        int64_t at = size++;
        for (; at > 0 && s->keys[(at - 1) / 2] > key; at = (at - 1) / 2) {
            s->keys[at] = s->keys[(at - 1) / 2];
            s->at[at] = s->at[(at - 1) / 2];
        }
        s->keys[at] = key;
        s->at[at] = slot;
    }
    memcpy(s->parts + slot * PARTS, parts, PARTS * sizeof *parts);
    return size;
}

static void list(const World *w, int64_t row, Scratch *s) {
    const Request *q = w->requests + row; const Rules *r = w->rules;
    int64_t room = w->starts[row + 1] - w->starts[row], size = 0, kept = collect(w, row, s);
    int64_t top = product_points(q, r, q->has_words ? 1.0 : NAN);
    int32_t parts[PARTS];
    sort(s, kept);
    for (int64_t turn = 0; turn < kept; turn++) {
        int32_t at = s->order[turn], offer = s->place[at], points = s->points[at];
        int64_t floor = size < room ? r->minimum : high(r->minimum, s->keys[0] >> 32);
        if ((points | ((1 << SHIFT) - 1)) < floor) break;
        if (points < floor) continue;
        double likeness = q->has_words
            ? alike(w->product + 8 * offer, w->leaf + 8 * offer, w->words + 8 * row) : NAN;
        parts[0] = (int32_t)product_points(q, r, likeness);
        if (points - top + parts[0] < floor) continue;
        int64_t score = rest(w, offer, q, s->ways + 3 * w->whole[offer], parts);
        if (score >= 0 && score + parts[0] >= floor && gainful(r, parts))
            size = keep(s, size, room, (score + parts[0]) << 32 | w->ties[offer], parts);
    }
    w->counts[row] = size;
    while (size > 0) {
        int64_t at = w->starts[row] + --size;
        w->rows[at] = w->by_tie[s->keys[0] & 0xffffffff];
        memcpy(w->parts + at * PARTS, s->parts + s->at[0] * PARTS, PARTS * sizeof *parts);
        sink(s, size, s->keys[size], s->at[size]);
    }
}

void walk(const World *world, const int64_t *rows, int64_t count, Scratch *scratch) {
    for (int64_t at = 0; at < count; at++) {
        int64_t row = rows[at];
        world->counts[row] = 0;
        if (world->bounds[world->requests_n + row] > world->bounds[row] && world->requests[row].quantity > 0) {
            fill(world, row, scratch);
            list(world, row, scratch);
        }
    }
}
