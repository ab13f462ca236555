// What a forward pass does to each element or row, for one instruction set; see float_set.h.

INLINE void NAME(load)(vector *v, const float *p) { memcpy(v, p, sizeof *v); }
INLINE void NAME(store)(float *p, const vector *v) { memcpy(p, v, sizeof *v); }

// Where `condition` is all ones `*then`, elsewhere `*other`, into `*other`.
INLINE void NAME(select)(const integers *condition, const vector *then, vector *other) {
  *other = (vector)((*condition & (integers)*then) | (~*condition & (integers)*other));
}

// e^x in place, for x <= 0; 0 below the smallest normal number's logarithm, NaN for NaN.
INLINE void NAME(exp)(vector *x) {
  // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 x 2^23 rounds to an integer, which is then in the
  // low bits; ln 2 in two parts keeps r exact.
  vector rounded = *x * 1.44269504f + 12582912.0f;
  vector n = rounded - 12582912.0f;
  vector r = *x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  // The series of e^r, whose next term is below 5e-9.
  vector sum = r * (1.0f / 5040) + (1.0f / 720);
  sum = sum * r + (1.0f / 120);
  sum = sum * r + (1.0f / 24);
  sum = sum * r + (1.0f / 6);
  sum = sum * r + 0.5f;
  sum = sum * r + 1.0f;
  sum = sum * r + 1.0f;
  integers exponent = ((integers)rounded - 0x4B400000 + 127) << 23;
  vector power = (vector)exponent;
  vector result = sum * power;
  integers tiny = (integers)(*x < -87.33654f);
  vector zero = {0};
  NAME(select)(&tiny, &zero, &result);
  *x = result;
}

// The smooth activations are all relu(x) - |x| q(|x|), with a q that falls from 1/2 to 0: written so,
// neither tail cancels. Gelu (erf): q(a) = 1/2 erfc(a / sqrt 2), where 1/2 erfc(a / sqrt 2) e^(a²/2)
// is t p(t) with t = 1 / (1 + 0.3 a), fitted to a relative error of 3.5e-9 on 0...13.3. Gelu (tanh) and
// silu: q = e / (1 + e) with e = e^(-2 sqrt(2/pi) (a + 0.044715 a³)) and e^(-a).
INLINE void NAME(smooth)(vector *x, int activation) {
  vector a = (vector)((integers)*x & 0x7FFFFFFF);
  vector q;
  if (activation == albertkit_gelu_erf) {
    vector e = a * a * -0.5f;
    NAME(exp)(&e);
    vector t = 1.0f / (a * 0.3f + 1.0f);
    vector p = t * -2.058465260e-02f + 1.122171112e-01f;
    p = p * t + -2.276795429e-01f;
    p = p * t + 1.910420536e-01f;
    p = p * t + -7.877774399e-02f;
    p = p * t + 9.579326742e-02f;
    p = p * t + 7.852186569e-02f;
    p = p * t + 1.102055424e-01f;
    p = p * t + 1.195756145e-01f;
    p = p * t + 1.196864829e-01f;
    q = p * t * e;
  } else {
    vector e = a;
    if (activation == albertkit_gelu_tanh) e = a * (a * a * (1.59576912f * 0.044715f) + 1.59576912f);
    e = -e;
    NAME(exp)(&e);
    q = e / (1.0f + e);
  }
  vector relu = *x;
  vector zero = {0};
  integers negative = (integers)(*x < 0.0f);
  NAME(select)(&negative, &zero, &relu);
  *x = relu - a * q;
}

INLINE float NAME(sum)(const vector *v) {
  float s[LANES];
  NAME(store)(s, v);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) s[i] += s[i + width];
  return s[0];
}

TARGET static void NAME(add_bias)(float *x, const float *bias, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    size_t i = 0;
    for (; i + LANES <= columns; i += LANES) {
      vector v, b;
      NAME(load)(&v, x + i);
      NAME(load)(&b, bias + i);
      v += b;
      NAME(store)(x + i, &v);
    }
    for (; i < columns; i++) x[i] += bias[i];
  }
}

// A constant `activation` makes each caller below a loop of its own.
INLINE void NAME(activate_smooth)(int activation, float *x, const float *bias, size_t rows,
                                  size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    for (size_t i = 0; i < columns; i += LANES) {
      size_t count = columns - i < LANES ? columns - i : LANES;
      vector v = {0}, b = {0};
      memcpy(&v, x + i, 4 * count);
      memcpy(&b, bias + i, 4 * count);
      v += b;
      NAME(smooth)(&v, activation);
      memcpy(x + i, &v, 4 * count);
    }
  }
}

TARGET static void NAME(activate)(int activation, float *x, const float *bias, size_t rows,
                                  size_t columns) {
  switch (activation) {
    case albertkit_gelu_erf:
      NAME(activate_smooth)(albertkit_gelu_erf, x, bias, rows, columns);
      return;
    case albertkit_gelu_tanh:
      NAME(activate_smooth)(albertkit_gelu_tanh, x, bias, rows, columns);
      return;
    case albertkit_silu:
      NAME(activate_smooth)(albertkit_silu, x, bias, rows, columns);
      return;
    case albertkit_relu:
      for (size_t row = 0; row < rows; row++, x += columns)
        for (size_t i = 0; i < columns; i++) {
          float v = x[i] + bias[i];
          x[i] = v < 0 ? 0 : v;
        }
      return;
    default:
      // Few values go through tanh (the pooler's), so libm's will do.
      for (size_t row = 0; row < rows; row++, x += columns)
        for (size_t i = 0; i < columns; i++) x[i] = tanhf(x[i] + bias[i]);
  }
}

TARGET static void NAME(layer_norm)(float *out, const float *x, const float *bias,
                                    const float *residual, const float *weight,
                                    const float *offset, float epsilon, size_t rows,
                                    size_t columns) {
  size_t whole = columns / LANES * LANES;
  for (size_t row = 0; row < rows; row++, x += columns, out += columns) {
    vector total = {0};
    float rest = 0;
    for (size_t i = 0; i < whole; i += LANES) {
      vector v, other;
      NAME(load)(&v, x + i);
      if (bias) {
        NAME(load)(&other, bias + i);
        v += other;
      }
      if (residual) {
        NAME(load)(&other, residual + i);
        v += other;
      }
      NAME(store)(out + i, &v);
      total += v;
    }
    for (size_t i = whole; i < columns; i++) {
      out[i] = x[i] + (bias ? bias[i] : 0) + (residual ? residual[i] : 0);
      rest += out[i];
    }
    float mean = (NAME(sum)(&total) + rest) / columns;

    vector squares = {0};
    rest = 0;
    for (size_t i = 0; i < whole; i += LANES) {
      vector v;
      NAME(load)(&v, out + i);
      v -= mean;
      squares += v * v;
    }
    for (size_t i = whole; i < columns; i++) rest += (out[i] - mean) * (out[i] - mean);
    float scale = 1 / sqrtf((NAME(sum)(&squares) + rest) / columns + epsilon);

    for (size_t i = 0; i < whole; i += LANES) {
      vector v, w, o;
      NAME(load)(&v, out + i);
      NAME(load)(&w, weight + i);
      NAME(load)(&o, offset + i);
      v = (v - mean) * scale * w + o;
      NAME(store)(out + i, &v);
    }
    for (size_t i = whole; i < columns; i++) out[i] = (out[i] - mean) * scale * weight[i] + offset[i];
    if (residual) residual += columns;
  }
}

TARGET static void NAME(softmax)(float *x, const float *mask, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns) {
    vector largest = (vector){0} - INFINITY;
    float most = -INFINITY;
    size_t whole = columns / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES) {
      vector v, m;
      NAME(load)(&v, x + i);
      NAME(load)(&m, mask + i);
      v += m;
      NAME(store)(x + i, &v);
      integers more = (integers)(v > largest);
      NAME(select)(&more, &v, &largest);
    }
    for (size_t i = whole; i < columns; i++) {
      x[i] += mask[i];
      if (x[i] > most) most = x[i];
    }
    for (int i = 0; i < LANES; i++)
      if (largest[i] > most) most = largest[i];

    vector total = {0};
    for (size_t i = 0; i < columns; i += LANES) {
      size_t count = columns - i < LANES ? columns - i : LANES;
      // Lanes past the end become e^-inf = 0.
      vector v = (vector){0} - INFINITY;
      memcpy(&v, x + i, 4 * count);
      v -= most;
      NAME(exp)(&v);
      total += v;
      memcpy(x + i, &v, 4 * count);
    }
    float scale = 1 / NAME(sum)(&total);
    for (size_t i = 0; i < columns; i++) x[i] *= scale;
  }
}
