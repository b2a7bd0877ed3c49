using TimeBank.Web;

namespace TimeBank.FairPlay;

/// <summary>Routes of questions of fair play. They are listed with what else waits for an organiser.</summary>
public static class QuestionsApi
{
    public static void Map(RouteGroupBuilder bank)
    {
        bank.MapGet("/questions/{id}", Show).Gives<QuestionView>()
            .Describe("Show a question", "What an organiser is asked to look at, and what came of it. It blocks nothing.");
        bank.MapPost("/questions/{id}/answer", PutAside).Takes<AnswerQuestionRequest>().Gives<QuestionAnswer>().KeyNeeded().DryRunnable()
            .Describe("Answer a question", "With a note of what came of it. It does not come again, unless the facts are others. Nobody answers one about themselves or their household.");
    }

    private static Task Show(string bank, string id, HttpContext http, ThingRoutes things) =>
        things.ShowAsync<Question, QuestionView>(bank, id, http, (RefusalCode.QuestionUnknown, "question"), QuestionView.Of);

    private static Task PutAside(string bank, string id, HttpContext http, QuestionCommands commands) =>
        ThingRoutes.ChangeAsync(bank, id, http, AnswerQuestionRequestValidator.Instance, commands.PutAsideAsync);
}
