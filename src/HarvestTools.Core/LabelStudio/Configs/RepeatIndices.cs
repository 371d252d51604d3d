using System.Runtime.CompilerServices;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>The position in each repeated list that a name stands for, from the outermost Repeater inwards; -1 where the name does not say.</summary>
[InlineArray(Depth)]
internal struct RepeatIndices
{
    /// <summary>How many Repeaters inside each other are followed; a name cannot be resolved by a deeper one.</summary>
    public const int Depth = 4;

    private int _first;

    public static RepeatIndices None
    {
        get
        {
            var indices = new RepeatIndices();
            for (int i = 0; i < Depth; i++)
            {
                indices[i] = -1;
            }

            return indices;
        }
    }
}
