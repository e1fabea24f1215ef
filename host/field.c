#include "field.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { POWER_MAX = 8 };

static bool power_of_prime(int32_t q, int32_t *prime, int32_t *power)
{
  if (q < 2 || q > LS_FIELD_MAX) return false;
  for (*prime = 2; q % *prime; ++*prime) continue;
  for (*power = 0; q % *prime == 0; ++*power) q /= *prime;
  return q == 1;
}

static void digits_of(int32_t value, int32_t prime, int32_t digits[POWER_MAX])
{
  for (int32_t i = 0; i < POWER_MAX; i++, value /= prime) digits[i] = value % prime;
}

static int32_t sum_of(const ls_field *self, int32_t a, int32_t b)
{
  int32_t x[POWER_MAX], y[POWER_MAX], sum = 0;
  digits_of(a, self->prime, x);
  digits_of(b, self->prime, y);
  for (int32_t i = self->power; i-- > 0;) sum = sum * self->prime + (x[i] + y[i]) % self->prime;
  return sum;
}

/* a times x, where x^power is what modulus says. */
static int32_t shifted(const ls_field *self, int32_t a, int32_t modulus)
{
  const int32_t top = a / (self->q / self->prime);
  int32_t sum = a % (self->q / self->prime) * self->prime;
  for (int32_t i = 0; i < top; i++) sum = self->add[sum][modulus];
  return sum;
}

static int32_t product_of(const ls_field *self, int32_t a, int32_t b, int32_t modulus)
{
  int32_t digits[POWER_MAX], product = 0;
  digits_of(b, self->prime, digits);
  for (int32_t i = self->power; i-- > 0;) {
    product = shifted(self, product, modulus);
    for (int32_t k = 0; k < digits[i]; k++) product = self->add[product][a];
  }
  return product;
}

/* False where two elements other than 0 have the product 0. */
static bool products_fill(ls_field *self, int32_t modulus)
{
  for (int32_t a = 0; a < self->q; a++)
    for (int32_t b = 0; b < self->q; b++) {
      self->multiply[a][b] = (uint8_t)product_of(self, a, b, modulus);
      if (a && b && !self->multiply[a][b]) return false;
    }
  return true;
}

static int32_t order_of(const ls_field *self, int32_t element)
{
  int32_t order = 1;
  for (int32_t power = element; power != 1; order++) power = self->multiply[power][element];
  return order;
}

ls_status ls_field_create(int32_t q, ls_field **field)
{
  int32_t prime, power;
  if (!power_of_prime(q, &prime, &power)) return LS_ERR_NO;
  ls_field *self = malloc(sizeof *self);
  if (!self) return LS_ERR_MEMORY;
  self->q = q;
  self->prime = prime;
  self->power = power;
  for (int32_t a = 0; a < q; a++)
    for (int32_t b = 0; b < q; b++) self->add[a][b] = (uint8_t)sum_of(self, a, b);
  /* Modulo 0 has zero divisors unless q is a prime; some polynomial of each degree has none. */
  for (int32_t modulus = 0; !products_fill(self, modulus); modulus++) continue;
  for (self->primitive = 1; order_of(self, self->primitive) < q - 1; self->primitive++) continue;
  *field = self;
  return LS_OK;
}
