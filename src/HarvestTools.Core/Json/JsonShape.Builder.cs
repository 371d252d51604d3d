using System.Runtime.Intrinsics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <content>From an object to its shape.</content>
internal sealed partial class JsonShape
{
    /// <summary>Looks at one object after another; allocates only where a shape is new.</summary>
    internal sealed class Builder
    {
        /// <summary>Bytes of all that is between values.</summary>
        private const int BytesMax = 4096;

        private readonly ByteWriter _bytes = new(256);
        private readonly Part[] _parts = new Part[TokensMax];

        // One more, since they are copied two at a time.
        private readonly JsonToken[] _tokens = new JsonToken[TokensMax + 1];
        private int _partCount;
        private int _tokenCount;
        private int _depth;
        private ulong _constants;

        /// <summary>Looks at an object; false where it is too large to have a shape.</summary>
        /// <param name="json">The bytes.</param>
        /// <param name="tokens">The object's tokens from its opening brace to its closing one, at most <see cref="TokensMax"/>.</param>
        /// <param name="constants">Which of the first 64 tokens are values that belong to the shape, none of them with escapes.</param>
        public bool TryRead(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, ulong constants = 0)
        {
            _constants = constants;
            _bytes.Clear();
            _partCount = 0;
            _tokenCount = tokens.Length;
            _depth = 0;
            int from = tokens[0].ValueStart;
            int first = 0;
            int depth = 0;
            bool hasConstants = false;
            for (int i = 0; i < tokens.Length; i++)
            {
                JsonToken token = tokens[i];
                bool isConstant = i < 64 && (constants & (1UL << i)) != 0;
                JsonTokenType value = isConstant ? JsonTokenType.None : ValueOf(token.Type);

                hasConstants |= isConstant;

                // Whether a text holds escapes is found out for each.
                _tokens[i] = token with { ValueStart = token.ValueStart - from, Shape = 0, Escaped = token.Escaped && value == JsonTokenType.None };
                depth += token.Type switch
                {
                    JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                    JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                    _ => 0,
                };
                _depth = Math.Max(_depth, depth);
                bool ends = i == tokens.Length - 1;
                if (value == JsonTokenType.None && !ends)
                {
                    continue;
                }

                int end = ends ? token.ValueStart + token.ValueLength : token.ValueStart;
                if (_bytes.Length + end - from > BytesMax)
                {
                    return false;
                }

                _parts[_partCount++] = new Part(_bytes.Length, end - from, first, i + 1, value, hasConstants);
                hasConstants = false;
                _bytes.Add(json[from..end]);
                from = token.ValueStart + token.ValueLength;
                first = i + 1;
            }

            return true;
        }

        /// <summary>Whether the object that was read last has that shape.</summary>
        public bool Has(JsonShape shape)
        {
            bool has = _constants == shape.Constants && _partCount == shape._parts.Length && _tokenCount == shape.Count && _bytes.Written.SequenceEqual(shape._bytes.AsSpan(0, shape._bytes.Length - Vector256<byte>.Count));
            for (int i = 0; i < _partCount && has; i++)
            {
                // What is where in the same bytes is the same.
                has = _parts[i].Start == shape._parts[i].Start && _parts[i].Value == shape._parts[i].Value;
            }

            return has;
        }

        /// <summary>The shape of the object that was read last.</summary>
        public JsonShape Build()
        {
            _bytes.Add(stackalloc byte[Vector256<byte>.Count]);
            return new JsonShape(_bytes.ToArray(), _parts.AsSpan(0, _partCount).ToArray(), _tokens.AsSpan(0, _tokenCount + 1).ToArray(), _depth, _constants);
        }

        /// <summary>The type of a value, of truth values true; none for what is between values.</summary>
        private static JsonTokenType ValueOf(JsonTokenType type) => type switch
        {
            JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True => type,
            JsonTokenType.False => JsonTokenType.True,
            _ => JsonTokenType.None,
        };
    }
}
