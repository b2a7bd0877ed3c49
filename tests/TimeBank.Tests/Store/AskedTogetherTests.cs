using Shouldly;
using TimeBank.Store;

namespace TimeBank.Tests.Store;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AskedTogetherTests
{
    private readonly List<IReadOnlyList<int>> _queries = [];
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task What_comes_while_others_are_answered_goes_together_and_everybody_gets_his_own_answer()
    {
        var together = Together(_ => 1);
        var answers = Enumerable.Range(0, 40).Select(n => together.AskAsync(n, default)).ToList();
        _open.SetResult();
        (await Task.WhenAll(answers)).ShouldBe(Enumerable.Range(0, 40).Select(n => n * n));
        _queries.Select(q => q.Count).ShouldBe([1, 1, 38]);
    }

    [Test]
    public async Task The_same_question_is_asked_once_for_all_who_wait_and_anew_for_who_comes_later()
    {
        var together = Together(_ => 1);
        var first = together.AskAsync(1, default);
        var second = together.AskAsync(2, default);
        var waiting = Enumerable.Range(0, 90).Select(n => together.AskAsync(n % 3, default)).ToList();
        _open.SetResult();
        (await Task.WhenAll(waiting)).ShouldBe(Enumerable.Range(0, 90).Select(n => n % 3 * (n % 3)));
        (await Task.WhenAll(first, second)).ShouldBe([1, 4]);
        _queries.ShouldBe([[1], [2], [0, 1, 2]]);
        (await together.AskAsync(1, default)).ShouldBe(1);
        _queries.Count.ShouldBe(4);
    }

    [Test]
    public async Task Questions_that_read_much_are_parted()
    {
        var together = Together(_ => 900);
        var answers = Enumerable.Range(0, 7).Select(n => together.AskAsync(n, default)).ToList();
        _open.SetResult();
        (await Task.WhenAll(answers)).ShouldBe(Enumerable.Range(0, 7).Select(n => n * n));
        _queries.Select(q => q.Count).ShouldAllBe(n => n <= 2);
    }

    [Test]
    public async Task A_question_that_reads_more_than_all_others_together_is_asked_alone()
    {
        var together = Together(_ => int.MaxValue / 2);
        _open.SetResult();
        (await together.AskAsync(7, default)).ShouldBe(49);
    }

    [Test]
    public async Task A_query_that_fails_tells_those_who_were_in_it_and_nobody_else()
    {
        var together = Together(_ => 1);
        var first = together.AskAsync(1, default);
        var broken = together.AskAsync(-1, default);
        var later = together.AskAsync(3, default);
        _open.SetResult();
        (await first).ShouldBe(1);
        (await Should.ThrowAsync<InvalidOperationException>(broken)).Message.ShouldBe("-1 is broken.");
        (await later).ShouldBe(9);
        (await together.AskAsync(4, default)).ShouldBe(16);
    }

    [Test]
    public async Task Who_does_not_wait_any_longer_leaves_the_others_alone()
    {
        var together = Together(_ => 1);
        using var impatient = new CancellationTokenSource();
        var given = together.AskAsync(5, impatient.Token);
        var waiting = together.AskAsync(6, default);
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        _open.SetResult();
        (await waiting).ShouldBe(36);
    }

    private AskedTogether<int, int> Together(Func<int, int> rowsOf) => new(SquaresAsync, rowsOf);

    private async Task<IReadOnlyList<int>> SquaresAsync(IReadOnlyList<int> numbers)
    {
        lock (_queries)
            _queries.Add(numbers);
        await _open.Task;
        return numbers.FirstOrDefault(n => n < 0) is var wrong and < 0
            ? throw new InvalidOperationException($"{wrong} is broken.")
            : [.. numbers.Select(n => n * n)];
    }
}
