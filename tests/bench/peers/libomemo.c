// SPDX-FileCopyrightText: 2026 The XmppSync authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Times libomemo-c in the namespace urn:xmpp:omemo:2. Reads the name of an operation from a line, does it once and
// answers with its nanoseconds. The cryptography is libgcrypt's, as in Profanity; the stores are in memory.
#include <gcrypt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "curve.h"
#include "key_helper.h"
#include "protocol.h"
#include "ratchet.h"
#include "session_builder.h"
#include "session_cipher.h"
#include "session_pre_key.h"
#include "session_state.h"
#include "signal_protocol.h"

enum { OMEMO_2 = CIPHERTEXT_OMEMO_VERSION, PRE_KEY = 1, SIGNED_PRE_KEY = 1, BLOCK = 16 };

#define CHECK(call)                                                              \
    do {                                                                         \
        int outcome = (call);                                                    \
        if (outcome < 0) {                                                       \
            fprintf(stderr, "libomemo-c: %s gives %d\n", #call, outcome);        \
            exit(1);                                                             \
        }                                                                        \
    } while (0)

// What libomemo-c wants done by others.

static int draw(uint8_t *data, size_t length, void *user)
{
    (void)user;
    gcry_randomize(data, length, GCRY_STRONG_RANDOM);
    return 0;
}

static int hmac_begin(void **context, const uint8_t *key, size_t length, void *user)
{
    (void)user;
    gcry_md_hd_t md;
    if (gcry_md_open(&md, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC) || gcry_md_setkey(md, key, length))
        return SG_ERR_UNKNOWN;
    *context = md;
    return 0;
}

static int sha512_begin(void **context, void *user)
{
    (void)user;
    gcry_md_hd_t md;
    if (gcry_md_open(&md, GCRY_MD_SHA512, 0))
        return SG_ERR_UNKNOWN;
    *context = md;
    return 0;
}

static int digest_more(void *context, const uint8_t *data, size_t length, void *user)
{
    (void)user;
    gcry_md_write(context, data, length);
    return 0;
}

static int digest_end(void *context, signal_buffer **output, int algorithm)
{
    *output = signal_buffer_create(gcry_md_read(context, algorithm), gcry_md_get_algo_dlen(algorithm));
    gcry_md_reset(context);
    return *output ? 0 : SG_ERR_NOMEM;
}

static int hmac_end(void *context, signal_buffer **output, void *user)
{
    (void)user;
    return digest_end(context, output, GCRY_MD_SHA256);
}

static int sha512_end(void *context, signal_buffer **output, void *user)
{
    (void)user;
    return digest_end(context, output, GCRY_MD_SHA512);
}

static void digest_drop(void *context, void *user)
{
    (void)user;
    gcry_md_close(context);
}

// AES-256-CBC with PKCS #7 padding is all that OMEMO uses.
static int cipher_open(gcry_cipher_hd_t *cipher, int mode, const uint8_t *key, size_t key_length, const uint8_t *iv,
                       size_t iv_length)
{
    if (mode != SG_CIPHER_AES_CBC_PKCS5 || key_length != 32)
        return SG_ERR_INVAL;
    if (gcry_cipher_open(cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_CBC, 0) ||
        gcry_cipher_setkey(*cipher, key, key_length) || gcry_cipher_setiv(*cipher, iv, iv_length))
        return SG_ERR_UNKNOWN;
    return 0;
}

static int seal(signal_buffer **output, int mode, const uint8_t *key, size_t key_length, const uint8_t *iv,
                size_t iv_length, const uint8_t *text, size_t length, void *user)
{
    (void)user;
    gcry_cipher_hd_t cipher;
    CHECK(cipher_open(&cipher, mode, key, key_length, iv, iv_length));
    size_t padding = BLOCK - length % BLOCK;
    *output = signal_buffer_alloc(length + padding);
    uint8_t *data = signal_buffer_data(*output);
    memcpy(data, text, length);
    memset(data + length, (int)padding, padding);
    gcry_error_t error = gcry_cipher_encrypt(cipher, data, length + padding, NULL, 0);
    gcry_cipher_close(cipher);
    return error ? SG_ERR_UNKNOWN : 0;
}

static int unseal(signal_buffer **output, int mode, const uint8_t *key, size_t key_length, const uint8_t *iv,
                  size_t iv_length, const uint8_t *text, size_t length, void *user)
{
    (void)user;
    gcry_cipher_hd_t cipher;
    CHECK(cipher_open(&cipher, mode, key, key_length, iv, iv_length));
    uint8_t *data = malloc(length);
    gcry_error_t error = gcry_cipher_decrypt(cipher, data, length, text, length);
    gcry_cipher_close(cipher);
    if (error || length == 0 || data[length - 1] > BLOCK) {
        free(data);
        return SG_ERR_UNKNOWN;
    }
    *output = signal_buffer_create(data, length - data[length - 1]);
    free(data);
    return 0;
}

// A device: an account of its own, with one session.

typedef struct {
    signal_context *context;
    signal_protocol_store_context *stores;
    signal_protocol_address peer;
    ratchet_identity_key_pair *identity;
    signal_buffer *session, *pre_key, *signed_pre_key;
} device;

static signal_buffer *copy(const uint8_t *data, size_t length) { return signal_buffer_create(data, length); }

static int load_session(signal_buffer **record, signal_buffer **user_record, const signal_protocol_address *address,
                        void *user)
{
    (void)user_record, (void)address;
    device *self = user;
    if (!self->session)
        return 0;
    *record = signal_buffer_copy(self->session);
    return 1;
}

static int store_session(const signal_protocol_address *address, uint8_t *record, size_t length, uint8_t *user_record,
                         size_t user_length, void *user)
{
    (void)address, (void)user_record, (void)user_length;
    device *self = user;
    signal_buffer_free(self->session);
    self->session = copy(record, length);
    return 0;
}

static int contains_session(const signal_protocol_address *address, void *user)
{
    (void)address;
    return ((device *)user)->session != NULL;
}

static int load_pre_key(signal_buffer **record, uint32_t id, void *user)
{
    (void)id;
    *record = signal_buffer_copy(((device *)user)->pre_key);
    return SG_SUCCESS;
}

static int contains_pre_key(uint32_t id, void *user)
{
    (void)id, (void)user;
    return 1;
}

static int remove_pre_key(uint32_t id, void *user)
{
    // It is used again by the next operation.
    (void)id, (void)user;
    return 0;
}

static int load_signed_pre_key(signal_buffer **record, uint32_t id, void *user)
{
    (void)id;
    *record = signal_buffer_copy(((device *)user)->signed_pre_key);
    return SG_SUCCESS;
}

static int load_identity(signal_buffer **public_data, signal_buffer **private_data, void *user)
{
    device *self = user;
    CHECK(ec_public_key_serialize(public_data, ratchet_identity_key_pair_get_public(self->identity)));
    CHECK(ec_private_key_serialize(private_data, ratchet_identity_key_pair_get_private(self->identity)));
    return 0;
}

static int registration_id(void *user, uint32_t *id)
{
    (void)user;
    *id = 1;
    return 0;
}

static int save_identity(const signal_protocol_address *address, uint8_t *key, size_t length, void *user)
{
    (void)address, (void)key, (void)length, (void)user;
    return 0;
}

static int trusts(const signal_protocol_address *address, uint8_t *key, size_t length, void *user)
{
    (void)address, (void)key, (void)length, (void)user;
    return 1;
}

static device *device_new(const char *peer)
{
    device *self = calloc(1, sizeof *self);
    self->peer = (signal_protocol_address){peer, strlen(peer), 1};
    CHECK(signal_context_create(&self->context, self));
    signal_crypto_provider crypto = {draw,       hmac_begin,   digest_more, hmac_end,    digest_drop, sha512_begin,
                                     digest_more, sha512_end, digest_drop, seal, unseal,      NULL};
    CHECK(signal_context_set_crypto_provider(self->context, &crypto));
    CHECK(signal_protocol_store_context_create(&self->stores, self->context));
    signal_protocol_session_store sessions = {
        .load_session_func = load_session,
        .store_session_func = store_session,
        .contains_session_func = contains_session,
        .user_data = self,
    };
    CHECK(signal_protocol_store_context_set_session_store(self->stores, &sessions));
    signal_protocol_pre_key_store pre_keys = {
        .load_pre_key = load_pre_key,
        .contains_pre_key = contains_pre_key,
        .remove_pre_key = remove_pre_key,
        .user_data = self,
    };
    CHECK(signal_protocol_store_context_set_pre_key_store(self->stores, &pre_keys));
    signal_protocol_signed_pre_key_store signed_pre_keys = {
        .load_signed_pre_key = load_signed_pre_key,
        .contains_signed_pre_key = contains_pre_key,
        .user_data = self,
    };
    CHECK(signal_protocol_store_context_set_signed_pre_key_store(self->stores, &signed_pre_keys));
    signal_protocol_identity_key_store identities = {
        .get_identity_key_pair = load_identity,
        .get_local_registration_id = registration_id,
        .save_identity = save_identity,
        .is_trusted_identity = trusts,
        .user_data = self,
    };
    CHECK(signal_protocol_store_context_set_identity_key_store(self->stores, &identities));
    CHECK(signal_protocol_key_helper_generate_identity_key_pair(&self->identity, self->context));
    return self;
}

// New pre keys, and the bundle of them as others get it.
static session_pre_key_bundle *publish(device *self)
{
    signal_protocol_key_helper_pre_key_list_node *list;
    CHECK(signal_protocol_key_helper_generate_pre_keys(&list, PRE_KEY, 1, self->context));
    session_pre_key *pre_key = signal_protocol_key_helper_key_list_element(list);
    session_signed_pre_key *signed_pre_key;
    CHECK(signal_protocol_key_helper_generate_signed_pre_key(&signed_pre_key, self->identity, SIGNED_PRE_KEY, 0,
                                                             self->context));
    signal_buffer_free(self->pre_key);
    signal_buffer_free(self->signed_pre_key);
    CHECK(session_pre_key_serialize(&self->pre_key, pre_key));
    CHECK(session_signed_pre_key_serialize(&self->signed_pre_key, signed_pre_key));
    session_pre_key_bundle *bundle;
    CHECK(session_pre_key_bundle_create(&bundle, 1, 1, PRE_KEY,
                                        ec_key_pair_get_public(session_pre_key_get_key_pair(pre_key)), SIGNED_PRE_KEY,
                                        ec_key_pair_get_public(session_signed_pre_key_get_key_pair(signed_pre_key)),
                                        session_signed_pre_key_get_signature_omemo(signed_pre_key),
                                        session_signed_pre_key_get_signature_omemo_len(signed_pre_key),
                                        ratchet_identity_key_pair_get_public(self->identity)));
    SIGNAL_UNREF(signed_pre_key);
    signal_protocol_key_helper_key_list_free(list);
    return bundle;
}

static session_cipher *cipher_of(device *self)
{
    session_cipher *cipher;
    CHECK(session_cipher_create(&cipher, self->stores, &self->peer, self->context));
    session_cipher_set_version(cipher, OMEMO_2);
    return cipher;
}

// The key and the code of a payload, for one reader.
static signal_buffer *encrypt(device *self)
{
    static const uint8_t material[48] = {7};
    session_cipher *cipher = cipher_of(self);
    ciphertext_message *message;
    CHECK(session_cipher_encrypt(cipher, material, sizeof material, &message));
    signal_buffer *bytes = signal_buffer_copy(ciphertext_message_get_serialized(message));
    SIGNAL_UNREF(message);
    session_cipher_free(cipher);
    return bytes;
}

static void decrypt(device *self, signal_buffer *bytes, bool key_exchange)
{
    session_cipher *cipher = cipher_of(self);
    signal_buffer *plaintext;
    if (key_exchange) {
        pre_key_signal_message *message;
        CHECK(pre_key_signal_message_deserialize_omemo(&message, signal_buffer_data(bytes), signal_buffer_len(bytes), 1,
                                                       self->context));
        CHECK(session_cipher_decrypt_pre_key_signal_message(cipher, message, NULL, &plaintext));
        SIGNAL_UNREF(message);
    } else {
        signal_message *message;
        CHECK(signal_message_deserialize_omemo(&message, signal_buffer_data(bytes), signal_buffer_len(bytes),
                                               self->context));
        CHECK(session_cipher_decrypt_signal_message(cipher, message, NULL, &plaintext));
        SIGNAL_UNREF(message);
    }
    if (signal_buffer_len(plaintext) != 48)
        exit(1);
    signal_buffer_free(plaintext);
    session_cipher_free(cipher);
    signal_buffer_free(bytes);
}

static void forget(device *self)
{
    signal_buffer_free(self->session);
    self->session = NULL;
}

static signal_buffer *initiate(device *self, session_pre_key_bundle *bundle)
{
    session_builder *builder;
    CHECK(session_builder_create(&builder, self->stores, &self->peer, self->context));
    session_builder_set_version(builder, OMEMO_2);
    CHECK(session_builder_process_pre_key_bundle(builder, bundle));
    session_builder_free(builder);
    return encrypt(self);
}

static long long clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long measure(const char *operation, device *alice, device *bob)
{
    long long begin = clock_ns(), end;
    if (!strcmp(operation, "encrypt")) {
        signal_buffer *bytes = encrypt(alice);
        end = clock_ns();
        decrypt(bob, bytes, false);
    } else if (!strcmp(operation, "decrypt")) {
        signal_buffer *bytes = encrypt(alice);
        begin = clock_ns();
        decrypt(bob, bytes, false);
        end = clock_ns();
    } else if (!strcmp(operation, "turn")) {
        decrypt(bob, encrypt(alice), false);
        end = clock_ns();
        decrypt(alice, encrypt(bob), false);
    } else {
        bool active = !strcmp(operation, "active");
        if (!active && strcmp(operation, "passive")) {
            fprintf(stderr, "libomemo-c: no operation %s\n", operation);
            exit(2);
        }
        session_pre_key_bundle *bundle = publish(bob);
        forget(alice);
        forget(bob);
        begin = clock_ns();
        signal_buffer *bytes = initiate(alice, bundle);
        if (active)
            end = clock_ns();
        else
            begin = clock_ns();
        decrypt(bob, bytes, true);
        if (!active)
            end = clock_ns();
        decrypt(alice, encrypt(bob), false);
        SIGNAL_UNREF(bundle);
    }
    return end - begin;
}

int main(void)
{
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    device *alice = device_new("bob"), *bob = device_new("alice");
    measure("active", alice, bob);
    char line[32];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        printf("%lld\n", measure(line, alice, bob));
        fflush(stdout);
    }
    return 0;
}
